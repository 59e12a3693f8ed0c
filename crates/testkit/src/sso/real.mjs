// Runs the package `oidc-provider` on a free port of this machine until its standard input ends.
// Says its issuer in one line once it answers. Whoever signs in is whom he says, whatever the password.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [entry, clientId, clientSecret, redirectUri] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(entry));

process.stdin.resume();
process.stdin.on('end', () => process.exit());

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    pkce: { required: () => true },
    cookies: { keys: ['for a test'] },
    features: { devInteractions: { enabled: true } },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
