// Imported first by every script: an older Node must meet this sentence before anything it cannot read.
// From these versions on `require()` loads ES modules, which the framework consists of.
const [major, minor] = process.versions.node.split('.').map(Number);

if (!(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19))) {
  process.stderr.write(
    `Countersign needs Node 20.19 or newer (22.12 or newer in the 22 line) and this is ${process.version}: install a newer one.\n`,
  );
  process.exit(1);
}
