// Imported first by every script: an older Node must meet this sentence before anything it cannot read.
// The versions are those of `engines` in package.json. Up to 20.19.1, the HTTP parser accepts requests that a proxy may read in
// another way (llhttp 8).
const [major, minor, patch] = process.versions.node.split('.').map(Number);

if (
  !(
    major > 24 ||
    (major === 24 && minor >= 11) ||
    (major === 22 && minor >= 13) ||
    (major === 20 && (minor > 19 || (minor === 19 && patch >= 2)))
  )
) {
  process.stderr.write(
    `Countersign needs Node 20.19.2, 22.13 or 24.11, or a newer version of these lines, and this is ${process.version}. Install Node 24.\n`,
  );
  process.exit(1);
}
