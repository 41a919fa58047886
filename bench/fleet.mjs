// A fleet of services for the benchmark, each with four objects: a Namespace, a SecretStore, two ExternalSecrets.
//
//   node bench/fleet.mjs 1000 > services.yaml
import { fileURLToPath } from 'node:url';

/** A services.yaml that names this many services. Helm and the plain cdk8s app read the same file. */
export function fleet(count, from = 0) {
  const services = Array.from({ length: count }, (_, index) => service(`service-${from + index}`));
  return `version: 1\naws:\n  account: "123456789012"\nservices:\n${services.join('')}`;
}

function service(name) {
  return `  - name: ${name}
    regions: [us-west-2]
    secrets:
      - name: ${name}_api_key
      - name: ${name}/database
        keys: { DB_USER: username, DB_PASSWORD: password }
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(fleet(Number(process.argv[2])));
