package dev.switchover.cli;

import picocli.CommandLine.IVersionProvider;

/** From the manifests of the jars; a class folder has none. */
final class Versions implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"Switchover " + ours(), "Java " + Runtime.version()};
    }

    static String ours() {
        String version = Versions.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }
}
