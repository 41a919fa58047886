// Prints the bill of materials of the package, in the format of CycloneDX 1.6: every package that is needed at run
// time, with its version, its licence, the hash of what the registry serves, and what it depends on.
//
//   node scripts/sbom.mjs
//
// All of it stands in package-lock.json, and nothing else is put in: no time, no serial number and no name of a machine,
// so that the same lock file yields the same bytes.
import { runtimePackages } from './lock-file.mjs';

const { root, packages } = runtimePackages();

process.stdout.write(`${JSON.stringify(billOfMaterials(), null, 2)}\n`);

function billOfMaterials() {
  const places = Object.keys(packages);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: component('application', '', root.name, root) },
    components: places.map((place) => component('library', place, nameOf(place), packages[place])),
    dependencies: ['', ...places].map((place) => ({
      ref: reference(place),
      dependsOn: dependenciesOf(place).map(reference),
    })),
  };
}

function component(type, place, name, { version, license, integrity }) {
  const [base, group] = name.split('/').reverse();
  return {
    type,
    'bom-ref': reference(place),
    ...(group && { group }),
    name: base,
    version,
    ...(integrity && { hashes: integrity.split(' ').map(hash) }),
    licenses: [/ /.test(license) ? { expression: license } : { license: { id: license } }],
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  };
}

/** A package may be there twice, in two places: so it is the place that tells components apart. */
function reference(place) {
  return place === '' ? root.name : place;
}

function nameOf(place) {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** A hash as package-lock.json has it, which is that of Subresource Integrity: `sha512-` and base64. */
function hash(integrity) {
  const [algorithm, content] = integrity.split(/-(.*)/);
  return {
    alg: algorithm.replace('sha', 'SHA-'),
    content: Buffer.from(content, 'base64').toString('hex'),
  };
}

/** The places of what a package depends on, where it is installed. */
function dependenciesOf(place) {
  const { dependencies, optionalDependencies, peerDependencies } = place === '' ? root : packages[place];
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  return names.map((name) => found(place, name)).filter((dependency) => dependency !== undefined);
}

/** Where Node.js finds a package: in the nearest `node_modules` above whoever asks for it. */
function found(place, name) {
  const here = `${place === '' ? '' : `${place}/`}node_modules/${name}`;
  if (packages[here]) return here;
  return place === ''
    ? undefined
    : found(place.slice(0, Math.max(place.lastIndexOf('/node_modules/'), 0)), name);
}
