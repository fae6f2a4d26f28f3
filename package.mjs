/**
 * `npm run package` makes the VSIX, of the same sources always the same bytes, and beside it the list of the packages in
 * it (SBOM). `npm run release` publishes it as well. Arguments: `--out <file>`, `--pre-release`.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const exec = promisify(execFile);
const vsce = fileURLToPath(import.meta.resolve('@vscode/vsce/vsce'));
/** The first day that a zip archive can name. What is in the package is told by its version, not by the time of the build. */
const EPOCH = process.env.SOURCE_DATE_EPOCH ?? '315532800';

const { values: options } = parseArgs({
  options: { out: { type: 'string' }, publish: { type: 'boolean' }, 'pre-release': { type: 'boolean' } },
});
const manifest = JSON.parse(await readFile('package.json', 'utf8'));

if (options.publish) refuseWithoutOwner();
const vsix = options.out ?? `${manifest.name}-${manifest.version}.vsix`;
const preRelease = options['pre-release'] ? ['--pre-release'] : [];
await run(vsce, 'package', '--no-dependencies', ...linkArguments(), ...preRelease, '--out', vsix);
const sbom = vsix.replace(/(\.vsix)?$/, '.cdx.json');
await writeFile(sbom, `${JSON.stringify(await listShipped(), null, 2)}\n`);
console.log(`${vsix}\n${sbom}`);
if (options.publish) await run(vsce, 'publish', '--packagePath', vsix, ...preRelease);

function refuseWithoutOwner() {
  const { repository, bugs, homepage } = manifest;
  const places = { 'repository.url': repository?.url, 'bugs.url': bugs?.url, homepage };
  const empty = Object.keys(places).filter((name) => !/^https:\/\/./.test(places[name] ?? ''));
  if (empty.length === 0) return;
  console.error(`Not published: package.json names no ${empty.join(', no ')} yet, and only the owner can.`);
  process.exit(1);
}

/**
 * The Marketplace shows pictures by absolute addresses alone, which vsce makes from the repository. As long as there is
 * none, pictures are named by their place in the package, where VS Code finds them.
 */
function linkArguments() {
  return manifest.repository?.url ? [] : ['--no-rewrite-relative-links'];
}

async function run(...args) {
  const env = { ...process.env, SOURCE_DATE_EPOCH: EPOCH };
  const { stdout, stderr } = await exec(process.execPath, args, { env, maxBuffer: 64 * 1024 * 1024 });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
}

/** What `npm sbom` says of the packages that esbuild took a file from, without what differs from run to run. */
async function listShipped() {
  const inputs = JSON.parse(await readFile('dist/inputs.json', 'utf8'));
  const folders = new Set(inputs.map((input) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0]).filter(Boolean));
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const shipped = new Set(
    [...folders].map((folder) => `pkg:npm/${folder.replace(/^.*node_modules\//, '')}@${packages[folder].version}`),
  );
  // By one text, so that the shell of Windows, which alone finds npm there, gets no argument to take apart.
  const { stdout } = await exec('npm sbom --sbom-format cyclonedx --package-lock-only', {
    shell: true,
    maxBuffer: 64 * 1024 * 1024,
  });
  const all = JSON.parse(stdout);
  const components = all.components.filter(({ purl }) => shipped.has(decodeURIComponent(purl)));
  const refs = new Set(components.map((component) => component['bom-ref']));
  const self = `${manifest.name}@${manifest.version}`;
  const dependencies = all.dependencies
    .filter(({ ref }) => refs.has(ref) || ref === self)
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
  const content = {
    $schema: all.$schema,
    bomFormat: all.bomFormat,
    specVersion: all.specVersion,
    version: 1,
    metadata: {
      timestamp: new Date(Number(EPOCH) * 1000).toISOString(),
      component: {
        'bom-ref': self,
        type: 'application',
        name: manifest.name,
        version: manifest.version,
        purl: `pkg:npm/${self}`,
        licenses: [{ license: { id: manifest.license } }],
      },
    },
    components,
    dependencies,
  };
  const { bomFormat, specVersion, $schema, ...rest } = content;
  return { $schema, bomFormat, specVersion, serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`, ...rest };
}

/** A UUID made of a digest (RFC 9562, version 8), since a random one would differ each time. */
function uuidOf(text) {
  const hex = [...createHash('sha256').update(text).digest('hex').slice(0, 32)];
  hex[12] = '8';
  hex[16] = '8';
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
