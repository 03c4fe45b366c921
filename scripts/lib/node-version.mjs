// Imported first by every script: an older Node must meet this sentence before anything it cannot read.
// From 20.19 and 22.12 on `require()` loads ES modules, which the framework consists of. Up to 20.19.1 the HTTP parser takes
// requests that a proxy may read in another way (llhttp 8).
const [major, minor, patch] = process.versions.node.split('.').map(Number);

if (
  !(
    major > 22 ||
    (major === 22 && minor >= 12) ||
    (major === 20 && (minor > 19 || (minor === 19 && patch >= 2)))
  )
) {
  process.stderr.write(
    `Countersign needs Node 20.19.2 or newer (22.12 or newer in the 22 line) and this is ${process.version}: install Node 22 or 24.\n`,
  );
  process.exit(1);
}
