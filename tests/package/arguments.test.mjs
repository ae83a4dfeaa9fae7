// Invalid arguments are reported by field, all at once, before anything is sent.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import * as api from 'wix-oauth-apps';
import { createClient, validateOAuthApp } from 'wix-oauth-apps';
import { emulated, failure } from './support/client.mjs';
import { ID, OPERATIONS } from './support/operations.mjs';
import { table } from './support/table.mjs';

const AUTH = { accessToken: 'token' };

/** The errors among violations, each as its field and its rule. */
const faultsOf = (violations) =>
  violations.filter(({ severity }) => severity === 'error').map(({ field, rule }) => `${field} ${rule}`);

describe('client options', () => {
  // Values that JSON does not have.
  const others = [
    ...[Symbol('options'), 5n, () => {}].map((options) => ({ options, fields: [''] })),
    { options: undefined, fields: ['auth'] },
    { options: { auth: undefined }, fields: ['auth'] },
    { options: { auth: { apiKey: undefined } }, fields: ['auth.apiKey', 'siteId'] },
    ...[NaN, Infinity].map((timeout) => ({ options: { auth: AUTH, timeout }, fields: ['timeout'] })),
    { options: { auth: AUTH, baseUrl: new URL('https://example.com') }, fields: ['baseUrl'] },
  ];

  test('that are invalid are refused by name', async () => {
    for (const { options, fields } of [...table('tables/client-options'), ...others]) {
      const error = await failure(() => createClient(options));
      assert.deepEqual([error.code, error.operation, error.attempts], ['CONFIG', 'createClient', 0]);
      const named = error.violations.map(({ field }) => field);
      for (const field of fields) {
        assert.ok(named.includes(field) && error.message.includes(field), `${inspect(options)}: ${error.message}`);
      }
    }
  });

  test('are refused by a free function, with a rejection', async () => {
    for (const { name } of OPERATIONS) {
      const call = () => api[name]({ auth: AUTH, siteId: 's', accountId: 'a' }, ID, {});
      const error = await failure(async () => (name === 'listOAuthApps' ? call().next() : call()));
      assert.deepEqual([error.code, error.operation, error.violations[0].field], ['CONFIG', name, 'accountId']);
    }
  });
});

describe('call options', () => {
  const others = [
    { options: () => {}, field: 'options' },
    { options: { signal: new AbortController() }, field: 'signal' },
    { options: { headers: new Headers({ a: 'b' }) }, field: 'headers' },
    { options: { headers: new Map([['a', 'b']]) }, field: 'headers' },
  ];

  test('that are invalid are refused by name', async () => {
    const { client, emulator } = await emulated();
    for (const { options, field } of [...table('tables/call-options'), ...others]) {
      const error = await failure(client.getOAuthApp(ID, options));
      assert.deepEqual([error.code, error.attempts, error.violations[0].field], ['CONFIG', 0, field]);
      assert.ok(error.message.includes(field), error.message);
    }
    assert.deepEqual(emulator.requests, []);
  });

  test('are checked by every operation', async () => {
    const { client, emulator } = await emulated();
    for (const operation of OPERATIONS) {
      const error = await failure(operation.call(client, { timeout: 0 }));
      assert.deepEqual([error.code, error.violations[0].field], ['CONFIG', 'timeout']);
    }
    assert.deepEqual(emulator.requests, []);
  });
});

describe('drafts and patches', () => {
  const others = [
    { draft: { name: undefined }, faults: ['name REQUIRED_FIELD'] },
    { draft: { name: '\ud800x' }, faults: ['name TYPE'] },
    { draft: { name: new String('Shop') }, faults: ['name TYPE'] },
    { draft: { name: 'Shop', createdDate: new Date() }, faults: ['createdDate READ_ONLY'] },
    ...[() => {}, Symbol('draft')].map((draft) => ({ draft, faults: [' TYPE'] })),
  ];

  test('that are invalid are refused with every fault, and validateOAuthApp reports the same', async () => {
    const { client, emulator } = await emulated();
    for (const { draft, faults } of [...table('tables/drafts'), ...others]) {
      const error = await failure(client.createOAuthApp(draft));
      assert.deepEqual([error.code, error.attempts], ['INVALID_ARGUMENT', 0]);
      assert.deepEqual(faultsOf(error.violations).sort(), [...faults].sort(), inspect(draft));
      for (const { field, message } of error.violations.filter(({ severity }) => severity === 'error')) {
        assert.ok(error.message.includes(field) && error.message.includes(message), error.message);
      }
      assert.deepEqual(validateOAuthApp(draft), error.violations);
      // The same value as a patch, in which a name may be absent, and null clears a field.
      const patchFaults = faults.filter((fault) => fault !== 'name REQUIRED_FIELD');
      if (patchFaults.length === 0 || draft?.name === null) continue;
      const refused = await failure(client.updateOAuthApp(ID, draft));
      assert.deepEqual(faultsOf(refused.violations).sort(), patchFaults.sort(), inspect(draft));
      assert.deepEqual(validateOAuthApp(draft, { for: 'update' }), refused.violations);
    }
    const otherPatches = [
      { patch: { name: undefined }, faults: [' EMPTY_PATCH'] },
      { patch: undefined, faults: [' TYPE'] },
    ];
    for (const { patch, faults } of [...table('tables/patches'), ...otherPatches]) {
      const error = await failure(client.updateOAuthApp(ID, patch));
      assert.equal(error.code, 'INVALID_ARGUMENT');
      assert.deepEqual(faultsOf(error.violations), faults, inspect(patch));
      if (patch) assert.deepEqual(validateOAuthApp(patch, { for: 'update' }), error.violations);
    }
    assert.deepEqual(emulator.requests, []);
  });

  test('an update reports faults of its ID and of its patch together', async () => {
    const { client } = await emulated();
    const { violations } = await failure(client.updateOAuthApp('x', { name: 'y' }));
    assert.deepEqual(
      violations.map(({ field }) => field),
      ['id', 'name'],
    );
  });

  test('that are valid have no violations', () => {
    for (const name of ['Shop', '店舗', 'x'.repeat(256), '🛒'.repeat(256)]) {
      assert.deepEqual(validateOAuthApp({ name }), []);
    }
    assert.deepEqual(validateOAuthApp({ description: null, technology: null }, { for: 'update' }), []);
    for (const options of [undefined, null, {}, { for: undefined }]) {
      assert.deepEqual(validateOAuthApp({ name: 'Shop' }, options), []);
    }
  });

  test('validateOAuthApp refuses another purpose', async () => {
    for (const purpose of ['UPDATE', 'delete', '', 0, {}, Symbol('update')]) {
      const error = await failure(() => validateOAuthApp({ name: 'Shop' }, { for: purpose }));
      assert.deepEqual([error.code, error.operation], ['CONFIG', 'validateOAuthApp']);
    }
  });
});

test('invalid queries are refused with every fault', async () => {
  const { client, emulator } = await emulated();
  for (const { query, faults } of table('tables/queries')) {
    const error = await failure(client.queryOAuthApps(query));
    assert.deepEqual([error.code, error.operation], ['INVALID_ARGUMENT', 'queryOAuthApps']);
    assert.deepEqual(faultsOf(error.violations), faults, inspect(query));
  }
  assert.deepEqual(emulator.requests, []);
});

describe('an app ID', () => {
  test('that is not a GUID never becomes part of a path', async () => {
    const { client, emulator } = await emulated();
    for (const id of [
      ...table('tables/ids').map(({ id }) => id),
      // Values that JSON does not have.
      ...['\ud800', undefined, NaN, 5n, Symbol(ID), () => ID, new String(ID), new Date()],
      ...[{ toString: () => ID }, { [Symbol.toPrimitive]: () => ID }, { valueOf: () => ID, toJSON: () => ID }],
    ]) {
      for (const name of ['getOAuthApp', 'updateOAuthApp', 'deleteOAuthApp', 'generateOAuthAppSecret']) {
        const error = await failure(name === 'updateOAuthApp' ? client[name](id, { name: 'Shop' }) : client[name](id));
        assert.deepEqual([error.code, error.attempts, error.violations[0].field], ['INVALID_ARGUMENT', 0, 'id']);
      }
    }
    assert.deepEqual(emulator.requests, []);
  });

  test('may be in upper case', async () => {
    const { client, emulator } = await emulated();
    assert.equal((await failure(client.getOAuthApp(ID.toUpperCase()))).code, 'NOT_FOUND');
    assert.ok(emulator.requests[0].path.endsWith(`/${ID.toUpperCase()}`));
  });
});
