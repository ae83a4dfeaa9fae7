// `--help`, its examples, and the completion scripts.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, test } from 'node:test';
import { emulated, packageFolder } from './support/command.mjs';
import { run } from './support/emulate.mjs';

const load = (path) => import(pathToFileURL(join(packageFolder, 'src', 'commands', path)));
const { GROUPS, NAMES, loadCommands } = await load('definitions.js');
const { optionsOf } = await load('common.js');
const commands = await loadCommands();

describe('the definitions', () => {
  test('are listed by name, in the same order', async () => {
    for (const { names, load: group } of GROUPS)
      assert.deepEqual(
        (await group()).map(({ name }) => name),
        names,
      );
  });

  test('have examples and options with a meaning', () => {
    for (const command of commands) {
      assert.ok(command.examples.length >= 2, command.name);
      assert.match(command.summary, /^[A-Z][^.]+$/);
      for (const example of command.examples) assert.ok(example.startsWith(`wix-oauth-apps ${command.name}`), example);
      const names = optionsOf(command).map(({ name }) => name);
      assert.equal(new Set(names).size, names.length, command.name);
      for (const { help } of optionsOf(command)) assert.match(help, /^\S.*[^.]$/);
    }
  });
});

describe('--help', () => {
  test('lists every command with its summary', async () => {
    for (const args of [['--help'], ['-h']]) {
      const { code, stdout, stderr } = await run(args);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      for (const { name, summary } of commands)
        assert.ok(stdout.includes(`  ${name} `) && stdout.includes(summary), name);
    }
  });

  for (const command of commands) {
    test(`of ${command.name} has the summary, the options with defaults, and the examples`, async () => {
      const { code, stdout, stderr } = await run([...command.name.split(' '), '--help']);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const text = stdout.replace(/\s+/g, ' ');
      for (const part of [command.summary, ...command.examples]) assert.ok(text.includes(part), part);
      for (const { name, default: fallback } of optionsOf(command)) {
        assert.match(stdout, new RegExp(`^  (?:-\\w, )?--${name}\\b`, 'm'));
        if (fallback !== undefined) assert.ok(text.includes(`(default: ${fallback})`), `${name}: ${fallback}`);
      }
    });
  }
});

describe(
  'the examples of the help',
  { skip: process.platform === 'win32' && 'no POSIX shell', concurrency: false },
  () => {
    const site = emulated();
    const URI = 'https://shop.example.com/cb';

    for (const { name, examples } of commands.filter(({ isServer }) => !isServer)) {
      test(`of ${name} work on the emulator`, async () => {
        for (const example of examples) {
          const args = [
            'ensure',
            '--name',
            'Storefront',
            '--redirect-uri',
            URI,
            '--redirect-domain',
            'shop.example.com',
          ];
          await site.json(args);
          // The shell takes the command from the PATH.
          const bin = `wix-oauth-apps() { ${JSON.stringify(process.execPath)} ${JSON.stringify(join(packageFolder, 'src', 'main.js'))} "$@"; }`;
          // Not synchronously: the access log of the server would fill its pipe.
          const { code, stderr } = await site.shell(`${bin}\n${example}`);
          assert.equal(code, 0, `${example}: ${stderr}`);
        }
      });
    }
  },
);

describe('completion', { skip: spawnSync('bash', ['--version']).status !== 0 && 'there is no bash' }, () => {
  /** Returns what bash offers for a line, of which the last word is being typed. */
  function complete(...words) {
    const script = execFileSync(process.execPath, [join(packageFolder, 'src', 'main.js'), 'completion', 'bash'], {
      encoding: 'utf8',
    });
    const line = ['wix-oauth-apps', ...words];
    const ask = `COMP_WORDS=(${line.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _wix_oauth_apps; echo "\${COMPREPLY[*]}"`;
    const output = execFileSync('bash', ['--norc', '-c', `${script}\n${ask}`], { encoding: 'utf8' });
    return output.trim().split(/\s+/);
  }

  test('offers commands, options and values', () => {
    assert.deepEqual(complete('ch'), ['check']);
    assert.ok(NAMES.every((name) => complete('').includes(name.split(' ')[0])));
    assert.deepEqual(complete('check', 'name:a', '--a'), ['--after']);
    assert.deepEqual(complete('check', 'name:a', '--after', ''), ['authentication', 'other']);
    assert.deepEqual(complete('completion', 'z'), ['zsh']);
    assert.deepEqual(complete('list', '--name', ''), ['']);
    assert.ok(complete('create', '--').includes('--redirect-uri'));
  });

  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    test(`for ${shell} names every command and option, and is the prepared script`, async () => {
      const { completionScript } = await load('../parse/completion-script.js');
      const { code, stdout } = await run(['completion', shell]);
      assert.equal(code, 0);
      assert.equal(stdout, await completionScript(shell));
      for (const command of commands) {
        for (const word of command.name.split(' ')) assert.ok(stdout.includes(word), word);
        for (const { name } of optionsOf(command)) assert.ok(stdout.includes(name), name);
      }
    });
  }

  for (const [shell, args] of [
    ['bash', ['-n']],
    ['zsh', ['-n']],
    ['fish', ['--no-execute']],
  ]) {
    const isMissing = spawnSync(shell, ['--version']).status !== 0;
    test(`for ${shell} is valid`, { skip: isMissing && `there is no ${shell}` }, async () => {
      const { stdout } = await run(['completion', shell]);
      const file = join(import.meta.dirname, `completion.${shell}`);
      writeFileSync(file, stdout);
      execFileSync(shell, [...args, file]);
    });
  }
});
