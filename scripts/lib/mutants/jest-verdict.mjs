/** The machine was busy: that says nothing of the code. */
const TIMEOUT = /^(?:thrown: ")?Exceeded timeout of /;

/**
 * @typedef {object} SpecVerdict
 * @property {string} spec
 * @property {'passed' | 'failed' | 'broken'} verdict `failed` by a test; `broken` when no test says anything: the file cannot
 * be loaded, jest did not run it, or nothing but time ran out
 * @property {string | undefined} test the first one that failed
 */

/**
 * What jest says of each spec file, from what it writes with `--json`.
 *
 * @param {{ testResults: { name: string, status: string, assertionResults: TestResult[] }[] } | null} report
 * null when jest wrote none
 * @param {string[]} specs
 * @returns {SpecVerdict[]}
 * @typedef {{ status: string, fullName: string, failureMessages: string[] }} TestResult
 */
export function verdictsOf(report, specs) {
  return specs.map((spec) => {
    const result = report?.testResults.find(({ name }) => name.endsWith(`/${spec}`));
    const tests = result?.assertionResults ?? [];
    const failed = tests.find(hasFailed);
    if (failed) return { spec, verdict: 'failed', test: failed.fullName };
    const hasPassed = result?.status === 'passed' && tests.some(({ status }) => status === 'passed');
    return { spec, verdict: hasPassed ? 'passed' : 'broken', test: undefined };
  });
}

function hasFailed({ status, failureMessages }) {
  return status === 'failed' && failureMessages.some((message) => !TIMEOUT.test(message));
}
