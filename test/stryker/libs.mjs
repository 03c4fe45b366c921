/**
 * The libs, or folders of a lib, whose code can be mutated, and the least score that passes: what their specs reached, rounded down to two
 * digits. Null: not measured yet, so it runs only when it is named, and cannot fail.
 *
 * @type {Record<string, number | null>}
 */
export const MIN_SCORES = {
  crypto: 91,
  text: 94.39,
  'proofs/telegram': null,
  'proofs/rapidpace': 95.61,
  'proofs/dpop': 97.13,
  // Measured as 96.22 and 96.43 with another test runner. Jest leaves mutants out of the score with which a spec file cannot be
  // loaded, so its score is a little lower.
  'wallet-proofs': 96.1,
  'transfers/evm': 96.2,
  // Without the mutants that timed out, of which there were many on a busy machine.
  'identity-token': 82.85,
};

/** Where the sources of a lib or folder are, below `libs/pure` or `published`. */
export const sourcesOf = (name) => (name.includes('/') ? name.replace('/', '/src/') : `${name}/src`);
