# emulator.sh
node_modules/.bin/wix-oauth-apps emulate --port 8787 --quiet &
curl --silent --fail --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:8787/healthz
node client.mjs
kill $!
