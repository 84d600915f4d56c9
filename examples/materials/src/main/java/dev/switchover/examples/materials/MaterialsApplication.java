package dev.switchover.examples.materials;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service; its settings are in {@code application.properties}. */
@SpringBootApplication
public class MaterialsApplication {

    public static void main(String[] args) {
        SpringApplication.run(MaterialsApplication.class, args);
    }
}
