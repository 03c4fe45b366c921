import { builtinRules } from 'eslint/use-at-your-own-risk';

/** Rules of ESLint that oxlint lacks, or has without selectors, lookaheads in patterns or exact places, for oxlint. */
const NAMES = ['no-restricted-imports', 'no-restricted-syntax'];

export default {
  meta: { name: 'core' },
  rules: Object.fromEntries(NAMES.map((name) => [name, builtinRules.get(name)])),
};
