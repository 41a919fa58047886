// To be required before a program: each attempt to reach the network, or to be reached, becomes a line in the file that
// ATTEMPTS names. It is noticed even where the program would have carried on without an answer.
// This is CommonJS because threads do not load what --import names.
const dgram = require('node:dgram');
const dns = require('node:dns');
const { appendFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');

/** Notes each call of a function that goes beyond this machine's files. */
function watch(owner, name, kind, isLocal = () => false) {
  const original = owner[name];
  owner[name] = function (...args) {
    if (!isLocal(args)) appendFileSync(process.env.ATTEMPTS, `${kind}.${name}\n`);
    return Reflect.apply(original, this, args);
  };
}

/** Whether a socket is a file, such as the one by which tsx speaks with its parent. */
function isFile(args) {
  const [target] = args.flat();
  return typeof (target?.path ?? target) === 'string' && !/^\d+$/.test(target);
}

// Everything above TCP ends here: TLS, HTTP and fetch.
watch(net.Socket.prototype, 'connect', 'net', isFile);
watch(net.Server.prototype, 'listen', 'net', isFile);
for (const name of ['bind', 'connect', 'send']) watch(dgram.Socket.prototype, name, 'dgram');
const questions = Object.keys(dns).filter((name) => /^(?:lookup|resolve|reverse)/.test(name));
for (const name of questions) {
  watch(dns, name, 'dns');
  if (dns.promises[name]) watch(dns.promises, name, 'dns.promises');
}
syncBuiltinESMExports();
