// The data file: what it keeps, which process may use it, and what happens to a damaged file or one of another program.
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { allApps, create, generateSecret, remove, update } from './support/apps.mjs';
import { DRIVERS } from './support/drivers.mjs';
import { APPS, run as runCommand, serve as startServer } from './support/emulate.mjs';
import { folder } from './support/folder.mjs';

for (const { driver, options: driverOptions, skip } of DRIVERS) {
  describe(`with ${driver}`, { skip }, () => testDataFile(driverOptions));
}

function testDataFile(driverOptions) {
  const run = (args, options) => runCommand(args, { ...driverOptions, ...options });
  const serve = (args, options) => startServer(args, { ...driverOptions, ...options });

  /** Asserts that the server does not start with this file, says why on one line, and leaves every byte of it. */
  async function refused(file, ...said) {
    const options = typeof said[0] === 'object' ? said.shift() : {};
    const bytes = existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined;
    const { code, stdout, stderr } = await run(['emulate', '--port', '0', '--data', file], options);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' }, stderr);
    assert.match(stderr, /^wix-oauth-apps: [^\n]+\n$/);
    for (const text of [file, ...said]) assert.ok(stderr.includes(text), `${text} in ${stderr}`);
    if (bytes) assert.ok(bytes.equals(readFileSync(file)), 'it was written to');
  }

  describe('the state of a server', () => {
    test('is there at the next start: every app of every site, with its secret', async (t) => {
      const data = join(folder(t), 'emulator.db');
      const sites = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
      const args = ['--data', data, ...sites.flatMap((id) => ['--site-id', id])];
      const first = await serve(args);
      const kept = await create(first, { name: 'Kept 😀', allowedRedirectUris: ['https://a.example.com/'] });
      const gone = await create(first, { name: 'Gone' });
      await update(first, kept.id, { description: 'twice "quoted"\u0000' });
      await remove(first, gone.id);
      await generateSecret(first, kept.id);
      const elsewhere = {
        ...first,
        request: (path, init) => first.request(path, { ...init, headers: { 'wix-site-id': sites[1] } }),
      };
      assert.equal((await elsewhere.request(`${APPS}/${kept.id}`)).status, 404);
      const before = await allApps(first);
      assert.deepEqual(await first.stop(), { code: 0, signal: null });
      assert.deepEqual(readdirSync(join(data, '..')).sort(), ['emulator.db', 'emulator.db-journal']);

      const second = await serve(args);
      assert.deepEqual(await allApps(second), before);
      assert.equal(before.get(kept.id).description, 'twice "quoted"\u0000');
      assert.equal((await second.request(`${APPS}/${kept.id}/generate-secret`, { method: 'POST' })).status, 409);
      await second.stop();
    });

    test('is in the file before the response is sent', async (t) => {
      const data = join(folder(t), 'emulator.db');
      const server = await serve(['--data', data]);
      const made = await Promise.all(Array.from({ length: 50 }, (_, at) => create(server, { name: `Shop ${at}` })));
      await server.kill();
      const next = await serve(['--data', data]);
      assert.deepEqual([...(await allApps(next)).keys()].sort(), made.map(({ id }) => id).sort());
      await next.stop();
    });

    test('continues the IDs of a seed instead of repeating them', async (t) => {
      const args = ['--data', join(folder(t), 'emulator.db'), '--seed', 'spring'];
      for (let start = 1; start <= 3; start += 1) {
        const server = await serve(args);
        await create(server, { name: `Shop ${start}` });
        assert.equal((await allApps(server)).size, start);
        await server.kill();
      }
    });
  });

  describe('a data file', () => {
    test('is locked by one server, until that server ends', async (t) => {
      const data = join(folder(t), 'emulator.db');
      const first = await serve(['--data', data]);
      await create(first, { name: 'Shop' });
      await refused(data, 'in use by another process', 'choose another');
      assert.equal((await allApps(first)).size, 1);
      await first.kill();
      const second = await serve(['--data', data]);
      assert.equal((await allApps(second)).size, 1);
      await second.stop();
    });

    test('is locked by one of several servers that create it at once', async (t) => {
      const data = join(folder(t), 'emulator.db');
      const settled = await Promise.allSettled(Array.from({ length: 4 }, () => serve(['--data', data])));
      const servers = settled.flatMap(({ value }) => value ?? []);
      assert.equal(servers.length, 1);
      for (const { reason } of settled.filter(({ reason }) => reason))
        assert.match(reason.message, /in use by another process/);
      await create(servers[0], { name: 'Shop' });
      await servers[0].kill();
      const next = await serve(['--data', data]);
      assert.equal((await allApps(next)).size, 1);
      await next.stop();
    });

    test('is refused in a folder that does not exist, and if it is no regular file', async (t) => {
      const path = folder(t);
      await refused(
        join(path, 'nowhere', 'emulator.db'),
        'cannot be used as data file',
        join(path, 'nowhere'),
        'make it',
      );
      mkdirSync(join(path, 'folder'));
      await refused(join(path, 'folder'), 'cannot be used as data file', 'folder', 'emulator.db');
      writeFileSync(join(path, 'file'), '');
      await refused(join(path, 'file', 'emulator.db'), 'cannot be used as data file', 'is no folder');
      if (process.platform === 'win32') return;
      await refused('/dev/null', 'cannot be used as data file', 'no regular file');
      symlinkSync(join(path, 'gone'), join(path, 'link'));
      await refused(join(path, 'link'), 'cannot be used as data file', 'link');
      assert.deepEqual(readdirSync(path).sort(), ['file', 'folder', 'link']);
    });

    const posix = { skip: process.platform === 'win32' && 'Windows has no file modes' };
    test('is created for its owner alone, whatever the umask, and keeps an existing mode', posix, async (t) => {
      const modeOf = (path) => (statSync(path).mode & 0o777).toString(8);
      for (const umask of ['000', '022', '777']) {
        const data = join(folder(t), 'emulator.db');
        const wrapper = ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'];
        const server = await serve(['--data', data], { wrapper });
        await create(server, { name: 'Shop' });
        assert.deepEqual([modeOf(data), modeOf(`${data}-journal`)], ['600', '600'], umask);
        await server.stop();
        chmodSync(data, 0o660);
        await (await serve(['--data', data], { wrapper })).stop();
        assert.equal(modeOf(data), '660');
      }
    });

    // Root may write everything, whatever the mode: then the server runs as another user.
    const isRoot = process.getuid?.() === 0;
    const uid = isRoot ? 65_534 : process.getuid?.();
    test('is reported before the server is ready if it cannot be written', posix, async (t) => {
      const path = folder(t);
      const data = join(path, 'emulator.db');
      if (isRoot) chownSync(path, uid, uid);
      const options = isRoot ? { uid } : {};
      await (await serve(['--data', data], options)).stop();

      chmodSync(data, 0o400);
      await refused(data, options, 'cannot be used as data file', 'may not write', 'choose another');
      chmodSync(data, 0o600);
      chmodSync(path, 0o500);
      await refused(join(path, 'new.db'), options, 'cannot be used as data file', 'may not write', 'its folder');
      chmodSync(`${data}-journal`, 0o400);
      await refused(data, options, 'cannot be used as data file', 'may write the file, its -journal');
      chmodSync(path, 0o700);
    });

    test('is reported before the server is ready if the disk is full', posix, async (t) => {
      const data = join(folder(t), 'emulator.db');
      const few = ['sh', '-c', `trap '' XFSZ; ulimit -f 2; exec "$@"`, 'sh'];
      await refused(data, { wrapper: few }, 'cannot be used as data file');
    });

    for (const [name, ...said] of [
      ['', 'path'],
      [':memory:', 'leave it out'],
      [':MEMORY:', 'leave it out'],
      ['file:emulator.db', 'is a URL'],
      ['file::memory:?cache=shared', 'is a URL'],
    ]) {
      test(`is refused by the name ${JSON.stringify(name)}`, async (t) => {
        const cwd = folder(t);
        const { code, stdout, stderr } = await run(['emulate', '--port', '0', '--data', name], { cwd });
        assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
        for (const text of ['--data', JSON.stringify(name), ...said])
          assert.ok(stderr.includes(text), `${text} in ${stderr}`);
        assert.deepEqual(readdirSync(cwd), []);
      });
    }

    test('can have a name that means something other than a file to SQLite', async (t) => {
      const cwd = folder(t);
      for (const name of [':other:', 'a?mode=memory', '%41.db']) {
        const first = await serve(['--data', name], { cwd });
        await create(first, { name: 'Shop' });
        await first.kill();
        const second = await serve(['--data', name], { cwd });
        assert.equal((await allApps(second)).size, 1);
        await second.stop();
        assert.ok(existsSync(join(cwd, name)));
      }
    });

    for (const [what, content] of [
      ['an empty file', ''],
      ['a text', 'Dear diary,\n'.repeat(1_000)],
      ['zeros', Buffer.alloc(8_192)],
      ['the beginning of a database', 'SQLite format 3\0'],
    ]) {
      test(`is refused if another program made it: ${what}`, async (t) => {
        const data = join(folder(t), 'emulator.db');
        writeFileSync(data, content);
        await refused(data, 'no data file of the emulator', 'choose a file');
        assert.deepEqual(readdirSync(join(data, '..')), ['emulator.db']);
      });
    }

    test('is refused in a later format', async (t) => {
      const data = join(folder(t), 'emulator.db');
      await (await serve(['--data', data])).stop();
      const bytes = readFileSync(data);
      bytes.writeInt32BE(2, 60); // SQLite's user version
      writeFileSync(data, bytes);
      await refused(data, 'format 2');
    });

    test(
      'stops the server if it cannot be written, and keeps every acknowledged write',
      { skip: process.platform === 'win32' },
      async (t) => {
        const data = join(folder(t), 'emulator.db');
        const few = ['sh', '-c', `trap '' XFSZ; ulimit -f 100; exec "$@"`, 'sh'];
        const server = await serve(['--data', data], { wrapper: few });
        const made = [];
        const filled = async () => {
          for (let at = 0; at < 1_000; at += 1)
            made.push(await create(server, { name: `Shop ${at}`, description: 'x'.repeat(500) }));
        };
        await assert.rejects(filled, /The emulator failed: [^"]*emulator\.db cannot be written/);
        assert.deepEqual(await server.ended, { code: 1, signal: null });
        assert.match(server.output.stderr, /^wix-oauth-apps: [^\n]*emulator\.db cannot be written: [^\n]+\n$/);
        const next = await serve(['--data', data]);
        const kept = await allApps(next);
        for (const app of made) assert.deepEqual(kept.get(app.id), app);
        assert.ok(made.length > 10 && kept.size - made.length <= 1, `${made.length} made, ${kept.size} kept`);
        await next.stop();
      },
    );
  });

  describe('a damaged data file', () => {
    const path = folder({ after });
    const whole = join(path, 'whole.db');
    let apps;
    let size;
    before(async () => {
      const server = await serve(['--data', whole]);
      for (let at = 0; at < 40; at += 1)
        await create(server, { name: `Shop ${at}`, description: 'word '.repeat(20 + at * 5) });
      apps = await allApps(server);
      await server.stop();
      ({ size } = statSync(whole));
    });

    let copies = 0;
    const damagedCopy = (damage) => {
      const file = join(path, `copy-${(copies += 1)}.db`);
      const bytes = readFileSync(whole);
      writeFileSync(file, damage(bytes) ?? bytes);
      return file;
    };

    for (const [what, damage] of [
      ['cut in half', (bytes) => bytes.subarray(0, size / 2)],
      ['cut by a byte', (bytes) => bytes.subarray(0, size - 1)],
      ['cut by a page', (bytes) => bytes.subarray(0, size - 4_096)],
      ['cut to nothing', (bytes) => bytes.subarray(0, 0)],
      ['zeroed', (bytes) => void bytes.fill(0)],
      ['zeroed from the middle on', (bytes) => void bytes.fill(0, size / 2)],
      ['with a zeroed page', (bytes) => void bytes.fill(0, 4_096, 8_192)],
      ['with a page of another', (bytes) => void bytes.copy(bytes, 8_192, 12_288, 16_384)],
      ['with noise in the middle', (bytes) => void bytes.fill('noise', size / 2 - 2_048, size / 2 + 2_048)],
      ['with another beginning', (bytes) => void bytes.fill(0, 0, 16)],
      ['without the last app', (bytes) => void bytes.write('zzzz', bytes.lastIndexOf('app/'))],
      ['with letters changed', (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('word', 'ward'), 'latin1')],
    ]) {
      test(`is refused, and left as it is: ${what}`, () => refused(damagedCopy(damage), 'left as it is'));
    }

    // Some bytes of a database are unused: it is enough that a server never runs with other apps than were written.
    test('with one flipped bit is refused, or has every app', async () => {
      const flips = Array.from({ length: 40 }, (_, at) => ({
        at: Math.floor(((at + Math.random()) * size) / 40),
        bit: at % 8,
      }));
      let found = 0;
      for (const { at, bit } of flips) {
        const file = damagedCopy((bytes) => void (bytes[at] ^= 1 << bit));
        const before = readFileSync(file);
        const server = await serve(['--data', file]).catch((error) => error);
        if (server instanceof Error) {
          assert.match(server.message, /left as it is|has the format/, `byte ${at}, bit ${bit}`);
          assert.ok(before.equals(readFileSync(file)), 'it was written to');
          found += 1;
        } else {
          assert.deepEqual(await allApps(server), apps, `byte ${at}, bit ${bit}`);
          await server.kill();
        }
      }
      assert.ok(found > 0);
    });
  });

  describe('removed data', () => {
    test('is gone from the file too', async (t) => {
      const data = join(folder(t), 'emulator.db');
      const server = await serve(['--data', data]);
      const { id } = await create(server, { name: 'Shop', description: 'before '.repeat(50) });
      await update(server, id, { description: 'after '.repeat(50) });
      await server.stop();
      const content = readFileSync(data, 'latin1');
      assert.deepEqual([content.includes('after after'), content.includes('before')], [true, false]);
    });
  });
}
