'use strict';
(function () {
  const PHASES = [
    ['JSON_ONLY', 'JSON alone'],
    ['JSON_PRIMARY', 'JSON leads, PostgreSQL follows'],
    ['DB_PRIMARY', 'PostgreSQL leads, JSON follows'],
    ['DB_ONLY', 'PostgreSQL alone']
  ];
  const STORES = { JSON: 'JSON', POSTGRESQL: 'PostgreSQL' };
  const SVG = 'http://www.w3.org/2000/svg';
  const byId = (id) => document.getElementById(id);
  const secret = document.querySelector('meta[name=secret]').content;
  let plots = { times: [], collections: {} };

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function append(parent, ...children) {
    children.forEach((child) => { if (child) parent.appendChild(child); });
    return parent;
  }

  /* Rebuilding what did not change would take the focus and the selection away. */
  function fill(parent, key, build) {
    if (parent.dataset.key === key) return;
    parent.dataset.key = key;
    parent.replaceChildren(...build());
  }

  function count(value) {
    return value === undefined || value === null || value < 0 ? 'unknown' : value.toLocaleString('en');
  }

  function ago(time, now) {
    if (!time) return 'never';
    const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(time)) / 1000));
    if (seconds < 120) return seconds + ' s ago';
    if (seconds < 7200) return Math.round(seconds / 60) + ' min ago';
    if (seconds < 172800) return Math.round(seconds / 3600) + ' h ago';
    return Math.round(seconds / 86400) + ' days ago';
  }

  function tile(name, value, className) {
    return append(element('div', null, 'tile'), element('div', name, 'name'), element('div', value, 'value ' + (className || '')));
  }

  function phases(collection) {
    const list = element('ol', null, 'phases');
    list.setAttribute('aria-label', 'Phases, from JSON to PostgreSQL');
    PHASES.forEach(([name, meaning]) => {
      const item = append(element('li'), element('strong', name), document.createTextNode(meaning));
      if (name === collection.phase) item.setAttribute('aria-current', 'step');
      list.appendChild(item);
    });
    return list;
  }

  function mirror(collection) {
    if (!collection.mirror) return tile('Mirror', 'none here');
    const good = collection.mirror.health === 'IN_SYNC';
    const bad = ['DEGRADED', 'REFUSED', 'STOPPED'].includes(collection.mirror.health);
    return tile('Mirror in ' + STORES[collection.mirror.store], collection.mirror.health.replace('_', ' ').toLowerCase(),
        good ? 'good' : bad ? 'bad' : 'warn');
  }

  function tiles(collection, now) {
    const box = element('div', null, 'tiles');
    const verified = collection.lastVerification;
    append(box,
        tile('Primary', STORES[collection.primary] + (collection.serving ? '' : ' does not serve'), collection.serving ? 'good' : 'bad'),
        mirror(collection),
        tile('Pending', count(collection.pending) + (collection.oldestPending ? ', oldest ' + ago(collection.oldestPending, now) : '')),
        tile('Parked', count(collection.parked), collection.parked > 0 ? 'bad' : ''),
        tile('Records in JSON', count(collection.records && collection.records.json)),
        tile('Records in PostgreSQL', count(collection.records && collection.records.postgresql)),
        tile('Last verified', verified ? ago(verified.at, now) : 'never'),
        tile('Drift', verified ? count(verified.drift) : 'unknown', verified && verified.drift > 0 ? 'bad' : ''),
        tile('Last export', ago(collection.lastExport, now)),
        tile('Last backup', ago(collection.lastBackup, now)));
    if (collection.staleAsOf) box.appendChild(tile('Reads are stale, as of', ago(collection.staleAsOf, now), 'warn'));
    return box;
  }

  function plot(title, unit, times, values) {
    const figure = element('figure');
    const known = values.filter((value) => value !== null);
    const top = Math.max(0, ...known);
    const scale = Math.max(1, top);
    const last = values.length ? values[values.length - 1] : null;
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 100 100');
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', title + ': now ' + (last === null ? 'unknown' : last + unit) + ', at most ' + (known.length ? top + unit : 'unknown'));
    const begin = times[0];
    const span = Math.max(1, times[times.length - 1] - begin);
    let line = [];
    const draw = () => {
      if (line.length) {
        if (line.length === 1) line.push(line[0].replace(/^[^,]*/, (x) => String(Number(x) + 0.5)));
        const drawn = document.createElementNS(SVG, 'polyline');
        drawn.setAttribute('points', line.join(' '));
        svg.appendChild(drawn);
      }
      line = [];
    };
    values.forEach((value, i) => {
      if (value === null) draw();
      else line.push((100 * (times[i] - begin) / span).toFixed(2) + ',' + (97 - 94 * value / scale).toFixed(2));
    });
    draw();
    const seconds = Math.round(span / 1000);
    const minutes = Math.round(span / 60000);
    const length = seconds < 120 ? seconds + ' s' : minutes < 120 ? minutes + ' min' : Math.round(minutes / 60) + ' h';
    return append(figure, svg, element('figcaption', title + ': now ' + (last === null ? 'unknown' : last + unit)
        + ', top ' + (known.length ? top + unit : 'unknown') + ', last ' + length));
  }

  function plotsOf(name) {
    const series = plots.collections[name];
    const box = element('div', null, 'plots');
    if (!series) return box;
    const round = series.age.map((value) => value === null ? null : Math.round(value * 10) / 10);
    return append(box,
        plot('Pending', '', plots.times, series.pending),
        plot('Lag', ' s', plots.times, round),
        plot('Drift', '', plots.times, series.drift));
  }

  function listed(title, records, now) {
    if (!records || !records.length) return null;
    const why = records.some((record) => record.reason);
    const head = append(element('tr'), element('th', 'Id'), element('th', 'Since'), why ? element('th', 'Why') : null);
    const body = element('tbody');
    records.forEach((record) => append(body, append(element('tr'), element('td', record.shown), element('td', ago(record.since, now)),
        why ? element('td', record.reason) : null)));
    return append(element('div'), element('h3', title),
        append(element('div', null, 'scroll'), append(element('table'), append(element('thead'), head), body)));
  }

  function card(collection, answer) {
    const now = answer.status.time;
    const box = element('section', null, 'card');
    append(box, element('h2', collection.name), phases(collection),
        collection.note ? element('p', collection.note, 'note warn') : null,
        tiles(collection, now),
        plotsOf(collection.name),
        listed('Parked: the mirror refuses these, and no switchover goes past them', answer.parked[collection.name], now),
        listed('Pending, the oldest first', answer.pending[collection.name], now),
        append(element('details'), element('summary', 'Flags and ledgers'),
            element('p', collection.flags.join('; '), 'note'),
            ledger('JSON', collection.json), ledger('PostgreSQL', collection.postgresql)));
    return box;
  }

  function ledger(name, entry) {
    return element('p', name + ': ' + (entry
        ? 'epoch ' + entry.epoch + ', ' + entry.state + ', mirroring ' + entry.mirroring + ', version ' + entry.version
          + ', lineage ' + entry.lineage
        : 'no entry, or it cannot be read'), 'note');
  }

  function show(answer) {
    const health = byId('health');
    health.textContent = answer.health;
    health.className = { UP: 'good', DEGRADED: 'warn', DOWN: 'bad' }[answer.health] || '';
    fill(byId('reasons'), JSON.stringify(answer.reasons), () => answer.reasons.map((reason) => element('li', reason)));
    const status = answer.status;
    fill(byId('stores'), JSON.stringify(status.stores), () => status.stores.map((store) =>
        tile(STORES[store.store], store.health.replace('_', ' ').toLowerCase() + (store.detail ? ': ' + store.detail : ''),
            store.health === 'OK' ? 'good' : store.health === 'AWAY' || store.health === 'UNUSABLE' ? 'bad' : '')));
    const box = byId('collections');
    const names = status.collections.map((collection) => collection.name);
    fill(box, JSON.stringify(names), () => names.map(() => element('div')));
    const tenth = Math.floor(Date.parse(status.time) / 10000);
    status.collections.forEach((collection, i) => {
      const place = box.children[i];
      const before = place.querySelector('details');
      const focused = before && before.contains(document.activeElement);
      const key = JSON.stringify([collection, answer.parked[collection.name], answer.pending[collection.name], tenth, plots.times.length, byId('day').checked]);
      fill(place, key, () => [card(collection, answer)]);
      const after = place.querySelector('details');
      if (before && before !== after) {
        after.open = before.open;
        if (focused) after.querySelector('summary').focus();
      }
    });
    byId('where').textContent = 'Files in ' + status.directory + '; ' + (status.database ? 'database ' + status.database : 'no database')
        + '; this process ' + (status.holdsDirectory ? 'writes the directory' : 'does not write the directory') + '; ' + status.time;
    job(answer.job);
  }

  function job(one) {
    const running = Boolean(one && one.running);
    ['verify', 'rollback-check', 'export'].forEach((name) => { byId(name).disabled = running; });
    const line = byId('job');
    const text = !one || !one.name ? '' : running ? one.name + ' is under way…'
        : one.name + (one.failed ? ' failed: ' : ': ') + one.outcome;
    if (line.textContent !== text) line.textContent = text;
    line.className = one && one.failed ? 'bad' : '';
  }

  async function get(path) {
    const answer = await fetch(path, { credentials: 'same-origin' });
    if (answer.status === 401) { location.reload(); }
    if (!answer.ok) throw new Error('the service answers ' + answer.status);
    return answer.json();
  }

  async function refresh() {
    try {
      show(await get('status'));
    } catch (e) {
      byId('health').textContent = 'no answer: ' + e.message;
      byId('health').className = 'bad';
    }
  }

  async function refreshPlots() {
    try {
      plots = await get(byId('day').checked ? 'history/day' : 'history');
    } catch (e) {
      /* The status says that nothing answers. */
    }
  }

  async function ask(path) {
    const answer = await fetch(path, { method: 'POST', credentials: 'same-origin', headers: { 'X-Switchover-Console': secret } });
    if (path === 'logout') {
      location.reload();
    } else if (answer.ok) {
      job(await answer.json());
      setTimeout(refresh, 300);
    } else {
      job({ name: path, failed: true, outcome: await answer.text() });
    }
  }

  ['verify', 'rollback-check', 'export', 'logout'].forEach((name) => byId(name).addEventListener('click', () => ask(name)));
  byId('day').addEventListener('change', () => refreshPlots().then(refresh));
  refreshPlots().then(refresh);
  setInterval(refresh, 2000);
  setInterval(refreshPlots, 5000);
})();
