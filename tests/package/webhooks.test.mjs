// Reading webhooks: genuine ones, and everything that pretends to be one.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { AppStrategy, createClient } from '@wix/sdk';
import { OAuthAppsError, readWebhook } from 'wix-oauth-apps';
import { random } from './support/random.mjs';
import { APP, NOW, PEM, SERVICE, base64url, claimsOf, signed, webhook } from './support/webhooks.mjs';

const OPTIONS = { publicKey: PEM, now: NOW };
const read = (body, options) => readWebhook(body, { ...OPTIONS, ...options });

/** Checks that a body is refused with this code and status, by a message that contains no part of it. */
async function refuses(body, code, message, { status = 401, ...options } = {}) {
  await assert.rejects(read(body, options), (error) => {
    assert.ok(error instanceof OAuthAppsError);
    assert.deepEqual([error.code, error.status, error.operation], [code, status, 'readWebhook'], error.message);
    assert.match(error.message, message);
    if (typeof body === 'string' && body.length > 100)
      for (const part of body.slice(0, 10_000).split('.')) assert.ok(part.length < 10 || !error.message.includes(part));
    return true;
  });
}

describe('a genuine webhook', () => {
  test('of a created, updated and deleted app', async () => {
    for (const type of ['created', 'updated', 'deleted']) {
      const { raw, oAuthApp, ...event } = await read(webhook(type));
      assert.deepEqual(event, {
        ...{ id: 'event 1', type, appId: APP, time: '2026-03-01T09:05:00.000Z', sequence: '1' },
        instanceId: 'an instance',
      });
      const app = { id: APP, name: 'Storefront ✓ "quoted" \\', loginUrl: '' };
      assert.deepEqual(oAuthApp, type === 'deleted' ? undefined : app);
      assert.equal('oAuthApp' in (await read(webhook(type))), type !== 'deleted');
      assert.deepEqual([raw.identity, raw.data.originatedFrom], ['{"identityType":"WIX_USER"}', '']);
    }
  });

  test('with members that are not known yet, and the site', async () => {
    const envelope = { accountInfo: { siteId: 'a site' }, more: [1, { deep: null }] };
    const { siteId, raw } = await read(webhook('created', { envelope, event: { also: 'this' } }));
    assert.deepEqual([siteId, raw.more, raw.data.also], ['a site', [1, { deep: null }], 'this']);
  });

  test('in JSON that is laid out or escaped', async () => {
    const claims = claimsOf();
    claims.data = JSON.stringify(JSON.parse(claims.data), null, 2);
    const text = JSON.stringify(claims, null, 1).replace('"iss"', '"\\u0069ss"').replaceAll('/', '\\/');
    assert.equal((await read(signed(text))).appId, APP);
  });

  test('with a secret hides it', async () => {
    const entity = { id: APP, name: 'Shop', secret: 'a secret that is shown once' };
    const event = await read(webhook('created', { event: { createdEvent: { entity } } }));
    assert.equal(event.oAuthApp.secret.reveal(), entity.secret);
    assert.ok(!JSON.stringify(event).includes(entity.secret));
  });

  test('keeps a sequence of 64 bits exact', async () => {
    assert.equal(
      (await read(webhook('created', { sequence: '18446744073709551615' }))).sequence,
      '18446744073709551615',
    );
  });
});

describe('the key', () => {
  const pkcs1 = SERVICE.publicKey.export({ type: 'pkcs1', format: 'pem' });
  const forms = {
    'SPKI in PEM': PEM,
    'PKCS #1 in PEM': pkcs1,
    'with CRLF': PEM.replaceAll('\n', '\r\n'),
    'without line breaks': PEM.replaceAll('\n', ''),
    'PKCS #1 without line breaks': pkcs1.replaceAll('\n', ''),
    'with spaces for line breaks': PEM.trim().replaceAll('\n', ' '),
    'with escaped line breaks': PEM.replaceAll('\n', '\\n'),
    'with escaped CRLF': pkcs1.replaceAll('\n', '\\r\\n'),
  };
  for (const [name, publicKey] of Object.entries(forms)) {
    test(name, async () => assert.equal((await read(webhook(), { publicKey })).appId, APP));
  }

  test('PKCS #1 of 3072 and 4096 bits', async () => {
    for (const modulusLength of [3072, 4096]) {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
      const options = { publicKey: publicKey.export({ type: 'pkcs1', format: 'pem' }) };
      assert.equal((await read(signed(claimsOf(), { key: privateKey }), options)).appId, APP);
    }
  });

  const imported = (name, hash, usages = ['verify']) =>
    crypto.subtle.importKey(
      'spki',
      SERVICE.publicKey.export({ type: 'spki', format: 'der' }),
      { name, hash },
      true,
      usages,
    );

  test('as a CryptoKey', async () => {
    const publicKey = await imported('RSASSA-PKCS1-v1_5', 'SHA-256');
    assert.equal((await read(webhook(), { publicKey })).appId, APP);
  });

  test('of another kind is refused, without showing it', async () => {
    const privateKey = SERVICE.privateKey.export({ type: 'pkcs8', format: 'pem' });
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    for (const publicKey of [
      ...[undefined, null, 7, {}, '', 'no key', '-----BEGIN PUBLIC KEY-----', PEM.slice(0, 200)],
      ...[privateKey, SERVICE.privateKey.export({ type: 'pkcs1', format: 'pem' })],
      ...[small, ec].map((key) => key.export({ type: 'spki', format: 'pem' })),
      await imported('RSASSA-PKCS1-v1_5', 'SHA-512'),
      await imported('RSA-PSS', 'SHA-256'),
      await imported('RSASSA-PKCS1-v1_5', 'SHA-256', []),
    ]) {
      await assert.rejects(read(webhook(), { publicKey }), (error) => {
        assert.deepEqual([error.code, error.status], ['INVALID_ARGUMENT', 500], error.message);
        assert.match(error.message, /publicKey/);
        assert.ok(!error.message.includes('MII') && !`${error.stack}`.includes('no key'));
        return true;
      });
    }
  });
});

describe('a forged webhook', () => {
  const [head, payload, signature] = webhook().split('.');

  test('with another key', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    await refuses(signed(claimsOf(), { key: other }), 'INVALID_SIGNATURE', /publicKey/);
  });

  test('with a changed payload, header or signature', async () => {
    const changed = base64url(claimsOf('deleted'));
    await refuses(`${head}.${changed}.${signature}`, 'INVALID_SIGNATURE', /signature/);
    await refuses(`${base64url({ alg: 'RS256' })}.${payload}.${signature}`, 'INVALID_SIGNATURE', /signature/);
    await refuses(`${head}.${payload}.${signature.slice(4)}`, 'INVALID_SIGNATURE', /signature/);
    await refuses(`${head}.${base64url('{no JSON')}.${signature}`, 'INVALID_SIGNATURE', /signature/);
  });

  test('without a signature, or with the public key as the secret of HS256', async () => {
    for (const alg of ['none', 'None', 'NONE']) {
      await refuses(
        `${base64url({ alg })}.${payload}.`,
        'INVALID_SIGNATURE',
        /header\.alg is "none", must be "RS256"/i,
      );
      await refuses(`${base64url({ alg })}.${payload}.${signature}`, 'INVALID_SIGNATURE', /header\.alg/);
    }
    const input = `${base64url({ alg: 'HS256' })}.${payload}`;
    const hmac = createHmac('sha256', PEM).update(input).digest('base64url');
    await refuses(`${input}.${hmac}`, 'INVALID_SIGNATURE', /header\.alg is "HS256"/);
  });

  test('with a genuine signature of another algorithm or with extensions', async () => {
    for (const header of [{ alg: 'RS512' }, { alg: 'PS256' }, { typ: 'JWT' }, { alg: ['RS256'] }, { alg: 'rs256' }])
      await refuses(signed(claimsOf(), { header }), 'INVALID_SIGNATURE', /header\.alg/);
    for (const crit of [['b64'], ['exp'], [], null])
      await refuses(signed(claimsOf(), { header: { alg: 'RS256', crit } }), 'INVALID_SIGNATURE', /header\.crit/);
  });

  test('has the faults of the header, the signature, the options and the claims in this order', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const claims = { ...claimsOf(), iat: 1, data: 'no JSON' };
    const wrong = { tolerance: -1, now: -1 };
    const header = { alg: 'none', crit: ['b64'] };
    await refuses(signed(claims, { header, key: other }), 'INVALID_SIGNATURE', /header\.alg is "none"/, wrong);
    header.alg = 'RS256';
    await refuses(signed(claims, { header, key: other }), 'INVALID_SIGNATURE', /header\.crit is \["b64"\]/, wrong);
    await refuses(signed(claims, { key: other }), 'INVALID_SIGNATURE', /signature is false/, wrong);
    await refuses(signed(claims), 'INVALID_ARGUMENT', /tolerance is -1/, { ...wrong, status: 500 });
    await refuses(signed(claims), 'INVALID_ARGUMENT', /now is -1/, { now: -1, status: 500 });
    await refuses(signed(claims), 'EXPIRED', /claims\.iat/);
    await refuses(signed({ ...claims, iat: NOW / 1_000 }), 'INVALID_ARGUMENT', /claims\.data\.eventType/);
  });

  test('with values that no text can be made of', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    for (const value of ['{"toString":1,"valueOf":1}', '{"toJSON":1}', deep, '"a\\nb"', 'null', '7']) {
      const forged = (text, envelope) =>
        `${base64url(text)}.${base64url({ ...claimsOf(), data: envelope })}.${signature}`;
      for (const name of ['alg', 'crit'])
        await refuses(
          forged(`{"alg":"RS256","${name}":${value}}`),
          'INVALID_SIGNATURE',
          new RegExp(`header\\.${name}`),
        );
      for (const name of ['eventType', 'instanceId', 'data', 'accountInfo'])
        await refuses(forged('{"alg":"RS256"}', `{"${name}":${value}}`), 'INVALID_SIGNATURE', /signature is false/);
      await refuses(forged('{"alg":"RS256"}', value), 'INVALID_SIGNATURE', /signature is false/);
    }
  });

  test('whose header contains line breaks and facts', async () => {
    const header = { alg: 'RS256\nundefined\ntoken\ntrue' };
    await refuses(`${base64url(header)}.${payload}.${signature}`, 'INVALID_SIGNATURE', /header\.alg/);
  });
});

describe('a signed body that is not an event of OAuth apps', () => {
  const invalid = (body, message) => refuses(body, 'INVALID_ARGUMENT', message);

  test('of another entity, or contradictory', async () => {
    const eventType = 'wix.stores.v3.product_created';
    await invalid(webhook('created', { envelope: { eventType } }), /eventType is "wix\.stores/);
    await invalid(webhook('created', { event: { slug: 'deleted' } }), /eventType/);
    await invalid(webhook('created', { event: { entityFqdn: 'wix.stores.v3.product' } }), /eventType/);
    await invalid(webhook('created', { event: { createdEvent: undefined } }), /eventType/);
    await invalid(webhook('created', { event: { createdEvent: { entity: 'text' } } }), /eventType/);
  });

  test('without a member, or with one of another type', async () => {
    for (const value of [undefined, null, 7, {}, '']) {
      for (const name of ['id', 'entityId', 'eventTime', 'entityEventSequence'])
        await invalid(webhook('created', { event: { [name]: value } }), new RegExp(`claims\\.data\\.data\\.${name}`));
      await invalid(webhook('created', { envelope: { instanceId: value } }), /claims\.data\.instanceId/);
      await invalid(webhook('created', { envelope: { data: value } }), /claims\.data\.eventType is/);
      await invalid(signed({ ...claimsOf(), data: value }), /claims\.data\.eventType is/);
    }
  });

  test('of other JSON, or of none', async () => {
    for (const text of ['', 'no JSON', '[]', 'null', '7', '"text"', '\ufeff\ufeff{}', '{', '{}x', "{'iat':1}"]) {
      const isLikeObject = text.startsWith('{');
      await invalid(signed(text), isLikeObject ? /claims\.iat is undefined/ : /body is "text", must be "token"/);
      await invalid(signed({ ...claimsOf(), data: text }), /claims\.data\.eventType is undefined,/);
      await invalid(webhook('created', { envelope: { data: text } }), /claims\.data\.eventType is/);
      await refuses(
        signed(claimsOf(), { header: text }),
        isLikeObject ? 'INVALID_SIGNATURE' : 'INVALID_ARGUMENT',
        isLikeObject ? /header\.alg is undefined/ : /body is "text", must be "token"/,
      );
    }
  });

  test('with a member twice counts the last one, as the official SDK does', async () => {
    const { data } = claimsOf();
    const claims = JSON.stringify(claimsOf());
    assert.equal((await read(signed(claims.replace('{', '{"iat":1,')))).appId, APP);
    await refuses(signed(`${claims.slice(0, -1)},"\\u0069at" : 1}`), 'EXPIRED', /claims\.iat/);
    assert.equal((await read(signed({ ...claimsOf(), data: data.replace('{', '{"data":"{}",') }))).appId, APP);
    assert.equal((await read(signed(claimsOf(), { header: '{"alg":"none","alg":"RS256"}' }))).appId, APP);
    await refuses(signed(claimsOf(), { header: '{"alg":"RS256","alg":"none"}' }), 'INVALID_SIGNATURE', /header\.alg/);
    const sdk = createClient({ auth: AppStrategy({ appId: 'an app', publicKey: PEM }) });
    const twice = `${JSON.stringify({ ...JSON.parse(data), instanceId: 'first' }).slice(0, -1)},"instanceId":"last"}`;
    const body = signed({ ...claimsOf(), data: twice });
    assert.deepEqual([(await read(body)).instanceId, (await sdk.webhooks.parseJWT(body)).instanceId], ['last', 'last']);
  });

  test('with a sequence of other characters than digits', async () => {
    for (const sequence of ['1"2', '"', '-1', '1.5', '1\n', '', '１'])
      await invalid(webhook('created', { sequence }), /entityEventSequence/);
  });

  test('nested deeply', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    await invalid(signed(`{"iat":${deep}}`), /claims\.iat/);
    await invalid(signed({ ...claimsOf(), data: `{"data":${deep}}` }), /claims\.data/);
  });
});

describe('a body that is not a token', () => {
  test('garbage', async () => {
    const [head, payload, signature] = webhook().split('.');
    for (const body of [
      ...['', ' ', 'garbage', '.', '..', '...', 'a.b.c', '{}', 'null', '\0', '💥.💥.💥', `${head}`, `${head}.`],
      ...[`${head}.${payload}`, `${head}.${payload}.${signature}.x`, `${head}.${payload}.${signature}.`],
      ...[`${head}=.${payload}.${signature}`, `${head}.${payload}.${signature}=`, `${head}.${payload}.${signature}+/`],
    ])
      await refuses(body, 'INVALID_ARGUMENT', /body|header/);
  });

  test('a signature of a length that base64url does not have', async () => {
    const body = webhook();
    const signature = body.slice(body.lastIndexOf('.') + 1);
    for (const characters of [1, 5, 341])
      await refuses(body.replace(signature, 'a'.repeat(characters)), 'INVALID_ARGUMENT', /body is "text"/);
  });

  test('a token without its signature', async () => {
    const body = webhook();
    await refuses(body.slice(0, body.lastIndexOf('.') + 1), 'INVALID_SIGNATURE', /signature is false/);
  });

  test('white space around a token', async () => {
    const token = webhook();
    for (const body of [`${token}\n`, `${token} `, `${token}\r\n`, `\n${token}`, `\ufeff${token}`, `"${token}"`])
      await refuses(body, 'INVALID_ARGUMENT', /body|header/);
  });

  test('another value than text', async () => {
    for (const body of [
      undefined,
      null,
      7,
      true,
      {},
      [webhook()],
      Buffer.from(webhook()),
      Symbol('x'),
      () => webhook(),
    ])
      await refuses(body, 'INVALID_ARGUMENT', /body is "\w+", must be "string": the text of the request/);
  });

  test('10 MB are refused at once', async () => {
    for (const beginning of ['', 'e', 'ea.ea.'])
      for (const character of ['.', 'a']) {
        const body = beginning + character.repeat(10_000_000);
        const start = process.cpuUsage();
        await refuses(body, 'INVALID_ARGUMENT', /body\.length is 1000000\d, must be at most/, { status: 413 });
        const { user } = process.cpuUsage(start);
        assert.ok(user < 100_000, `${user} µs`);
      }
  });
});

describe('the time', () => {
  const HOUR = 3_600_000;
  test('may be an hour later, and a minute earlier', async () => {
    for (const now of [NOW, NOW + HOUR, NOW - 60_000, new Date(NOW), () => NOW, () => new Date(NOW)])
      assert.equal((await read(webhook(), { now })).appId, APP);
    await refuses(webhook(), 'EXPIRED', /claims\.iat is 1, must be at most 0 milliseconds beyond/, {
      now: NOW + HOUR + 1,
    });
    await refuses(webhook(), 'EXPIRED', /claims\.iat is 60001, must be at most 60000 milliseconds after `now`/, {
      now: NOW - 60_001,
    });
  });

  test('is the clock unless said, and the tolerance an option in milliseconds', async () => {
    await refuses(webhook(), 'EXPIRED', /claims\.iat/, { now: undefined });
    const fresh = signed({ ...claimsOf(), iat: Math.floor(Date.now() / 1_000) });
    assert.equal((await read(fresh, { now: undefined })).appId, APP);
    assert.equal((await read(webhook(), { tolerance: 0 })).appId, APP);
    assert.equal((await read(webhook(), { tolerance: 1_000, now: NOW + 1_000 })).appId, APP);
    await refuses(webhook(), 'EXPIRED', /claims\.iat/, { tolerance: 1_000, now: NOW + 1_001 });
  });

  test('of a token that says how long it is valid', async () => {
    const at = (claims) => signed({ ...claimsOf(), ...claims });
    const seconds = NOW / 1_000;
    assert.equal((await read(at({ exp: seconds + 1, nbf: seconds }))).appId, APP);
    await refuses(at({ exp: seconds }), 'EXPIRED', /claims\.exp/);
    await refuses(at({ nbf: seconds + 61 }), 'EXPIRED', /claims\.nbf/);
    for (const name of ['exp', 'nbf']) {
      for (const value of ['soon', null, {}])
        await refuses(
          at({ [name]: value }),
          'EXPIRED',
          new RegExp(`claims\\.${name} is ${JSON.stringify(value)}, must`),
        );
    }
    for (const iat of [undefined, null, 'soon', -1]) await refuses(at({ iat }), 'INVALID_ARGUMENT', /claims\.iat/);
  });

  test('is refused if an option is wrong', async () => {
    for (const tolerance of [-1, NaN, null, 'an hour', {}, 1n, Symbol('x')])
      await refuses(webhook(), 'INVALID_ARGUMENT', /tolerance/, { tolerance, status: 500 });
    for (const now of [NaN, null, new Date(NaN), 'today', () => undefined, -1, 1n, Symbol('x'), Object.create(null)])
      await refuses(webhook(), 'INVALID_ARGUMENT', /now is .*Date or milliseconds/, { now, status: 500 });
  });
});

describe('hostile tokens', () => {
  const client = createClient({ auth: AppStrategy({ appId: 'an app', publicKey: PEM }) });
  const accepts = async (promise) =>
    promise.then(
      () => true,
      () => false,
    );

  /** Replaces, removes or inserts a character. */
  function mutate(text, next) {
    const at = Math.floor(next() * text.length);
    const character = String.fromCharCode(next() < 0.9 ? 33 + Math.floor(next() * 94) : Math.floor(next() * 0x300));
    return text.slice(0, at) + (next() < 0.7 ? character : '') + text.slice(at + (next() < 0.7 ? 1 : 0));
  }

  test('are refused with a typed error, as the official SDK refuses them', async () => {
    const { next } = random(15);
    const token = signed({ ...claimsOf(), iat: Math.floor(Date.now() / 1_000) });
    for (let count = 0; count < 500; count += 1) {
      let body = token;
      for (let times = 0; times <= next() * 3; times += 1) body = mutate(body, next);
      if (body === token) continue;
      await assert.rejects(
        read(body, { now: undefined }),
        (error) => {
          assert.ok(error instanceof OAuthAppsError, `${error.stack}`);
          assert.ok(['INVALID_SIGNATURE', 'INVALID_ARGUMENT'].includes(error.code), error.message);
          return true;
        },
        body,
      );
    }
  });

  test('signed claims are accepted or refused, and what is accepted the official SDK accepts', async () => {
    const { next } = random(16);
    let accepted = 0;
    for (let count = 0; count < 500; count += 1) {
      const level = Math.floor(next() * 3);
      const claims = { ...claimsOf(), iat: Math.floor(Date.now() / 1_000) };
      // The SDK reads `identity` too, which `raw` passes on as it is.
      const { identity, ...envelope } = JSON.parse(claims.data);
      if (level === 2) envelope.data = mutate(envelope.data, next);
      claims.data = level === 1 ? mutate(JSON.stringify(envelope), next) : JSON.stringify(envelope);
      const body = signed(level === 0 ? mutate(JSON.stringify(claims), next) : claims);
      const own = await read(body, { now: undefined }).catch((error) => {
        assert.ok(error instanceof OAuthAppsError, `${error.stack}`);
      });
      if (own === undefined) continue;
      accepted += 1;
      assert.ok(await accepts(client.webhooks.parseJWT(body)), JSON.stringify(claims));
    }
    assert.ok(accepted > 20, `${accepted} accepted`);
  });

  test('differ from the official SDK only where it is more lenient', async () => {
    const iat = Math.floor(Date.now() / 1_000);
    const at = (claims) => ({ ...claimsOf(), iat, ...claims });
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const token = signed(at({}));
    for (const [body, isValid] of [
      ...[
        [token, true],
        [signed(at({ exp: iat + 60 })), true],
        [signed(at({ exp: iat - 60 })), false],
      ],
      ...[
        [signed(at({ nbf: iat + 300 })), false],
        [signed(at({}), { key: other }), false],
      ],
      ...[
        [signed(at({}), { header: { alg: 'none' } }), false],
        [signed(at({}), { header: { alg: 'HS256' } }), false],
      ],
      ...[
        [signed(at({}), { header: { alg: 'RS256', crit: ['x'], x: 1 } }), false],
        [token.slice(0, -8), false],
      ],
      ...[
        [signed(at({ data: 7 })), false],
        [signed(at({ data: 'no JSON' })), false],
        [signed('no JSON'), false],
      ],
      ...[
        ['', false],
        ['a.b.c', false],
        [`${token}.x`, false],
      ],
    ]) {
      const both = [await accepts(read(body, { now: undefined })), await accepts(client.webhooks.parseJWT(body))];
      assert.deepEqual(both, [isValid, isValid], body.slice(0, 200));
    }
    // The SDK accepts a token of any age.
    const old = signed(claimsOf('created', { claims: { iat: 1 } }));
    assert.deepEqual([await accepts(read(old)), await accepts(client.webhooks.parseJWT(old))], [false, true]);
  });
});
