// Every network fault with every operation: each call settles in time with the right error, and a create that may have
// been carried out is not repeated.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { failure, settled } from './support/client.mjs';
import { expected, FAULTS } from './support/faults.mjs';
import { OPERATIONS } from './support/operations.mjs';
import { runScript } from './support/script.mjs';

const RETRY = { baseDelay: 2 };

for (const fault of FAULTS) {
  describe(fault.what, () => {
    let place;
    before(async () => (place = await fault.start()));
    after(() => place.close());

    for (const operation of OPERATIONS) {
      const { code, attempts, seen } = expected(fault, operation);
      test(`${operation.name}: ${code ?? 'success'}`, async () => {
        const { timeout = 30_000, patience = 3_000 } = fault;
        const client = createClient({
          auth: { apiKey: 'IST.key' },
          siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11',
          retry: RETRY,
          timeout,
          ...place.options,
        });
        place.requests.length = 0;
        const start = performance.now();
        if (code === undefined) {
          assert.equal(await settled(operation.call(client)), undefined);
        } else {
          const error = await failure(operation.call(client), patience);
          assert.deepEqual(
            { code: error.code, operation: error.operation, attempts: error.attempts, status: error.status },
            { code, operation: operation.name, attempts, status: fault.status },
          );
          if (fault.code === 'NETWORK') assert.ok('cause' in error);
          if (code === 'OUTCOME_UNKNOWN') assert.match(error.message, operation.howToFindOut);
        }
        const duration = performance.now() - start;
        const longest = (fault.timeout ?? 0) * (attempts ?? 1) + patience;
        assert.ok(duration < longest, `it took ${duration} ms`);
        assert.equal(place.requests.length, seen);
      });
    }

    test('without retries the request is sent once', async () => {
      const timeout = fault.timeout ?? 30_000;
      const client = createClient({
        auth: { apiKey: 'IST.key' },
        siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11',
        timeout,
        retry: false,
        ...place.options,
      });
      const outcomes = await Promise.all(
        OPERATIONS.filter((operation) => expected(fault, operation).code).map((operation) =>
          failure(operation.call(client), fault.patience),
        ),
      );
      for (const { attempts } of outcomes) assert.equal(attempts, 1);
    });

    // A remaining timer of the default timeout would keep the process alive for 30 seconds.
    test('the process ends by itself, without an unhandled rejection', async () => {
      const { code, stdout, stderr, lingered } = await runScript(`
        import { createClient } from 'wix-oauth-apps';
        import { FAULTS } from './support/faults.mjs';
        import { OPERATIONS } from './support/operations.mjs';
        for (const event of ['unhandledRejection', 'uncaughtException', 'warning']) {
          process.on(event, (reason) => { console.log(event, reason); process.exitCode = 1; });
        }
        const fault = FAULTS.find(({ what }) => what === ${JSON.stringify(fault.what)});
        const place = ${place.options.baseUrl ? JSON.stringify({ options: place.options }) : 'await fault.start()'};
        const retry = ${JSON.stringify(RETRY)};
        const client = createClient({ auth: { accessToken: 'k' }, ...place.options, retry });
        const timeout = fault.timeout ?? 30_000;
        const outcomes = OPERATIONS.map(({ call }) => call(client, { timeout }).then(() => 'success', (error) => error.code));
        console.log((await Promise.all(outcomes)).join());
      `);
      const codes = OPERATIONS.map((operation) => expected(fault, operation).code ?? 'success');
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${codes}\n`, stderr: '' });
      assert.ok(lingered < 5_000, `it lived on for ${lingered} ms`);
    });
  });
}
