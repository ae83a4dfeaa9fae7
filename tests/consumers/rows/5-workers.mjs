// Workers, in workerd: Cloudflare's runtime, by wrangler.
const CONFIG = (main) =>
  JSON.stringify({
    name: 'consumer',
    main,
    compatibility_date: '2026-06-01',
    send_metrics: false,
    dev: { ip: '127.0.0.1' },
  });

const onWorker = (project, main, use) => {
  project.write('wrangler.json', CONFIG(main));
  return project.serveTool(
    'wrangler',
    (port) => [
      'dev',
      '--port',
      String(port),
      '--inspector-port',
      '0',
      '--ip',
      '127.0.0.1',
      '--show-interactive-dev-session=false',
    ],
    use,
  );
};

export default [
  {
    name: 'workerd',
    title: 'Cloudflare Workers (workerd)',
    version: 'wrangler 4.164.0',
    node: 24,
    files: 'workers',
    journey: ['src'],
    dependencies: { wrangler: '4.164.0' },
    rows: [
      {
        name: 'client',
        title: 'worker with the client alone',
        run: async (project) => {
          project.write('wrangler.json', CONFIG('src/client.js'));
          await project.runTool('wrangler', ['deploy', '--dry-run', '--outdir', 'built']);
          project.checkBuilt('built', { core: 1, emulator: 0 });
          await onWorker(project, 'src/client.js', (url) => project.checkResponse(url, 13));
        },
      },
      {
        name: 'emulator',
        title: 'worker with the client and the emulator',
        run: (project) => onWorker(project, 'src/main.js', (url) => project.checkResponse(url)),
      },
      {
        name: 'module',
        title: 'worker that passes the module to `init`',
        run: (project) => onWorker(project, 'src/module.js', (url) => project.checkResponse(url, 13)),
      },
      {
        name: 'concurrency',
        title: 'concurrent requests that share one client',
        run: (project) =>
          onWorker(project, 'src/shared.js', async (url) => {
            const created = await respond(`${url}/create`);
            if (created !== 'ok') throw new Error(created);
            // Each kind of waiting: for one token, for one app, for the rate limit.
            for (const path of ['token', 'app', 'rate-limit']) {
              const responses = Array.from({ length: 12 }, (_, index) => respond(`${url}/${path}?${index}`));
              const texts = await Promise.all(responses);
              const wrong = texts.filter((text) => text !== 'ok');
              if (wrong.length > 0) throw new Error(`${path}: ${wrong.length} of 12 requests failed: ${wrong[0]}`);
            }
          }),
      },
    ],
  },
];

async function respond(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
    return (await response.text()).slice(0, 500);
  } catch (error) {
    return `no response: ${error.message}`;
  }
}
