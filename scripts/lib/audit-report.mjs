const FAILING = ['high', 'critical'];

/**
 * Judges what `npm audit --json` reports. High and critical vulnerabilities fail, and so does an exception that is
 * incomplete or no longer needed.
 *
 * @param {object} report
 * @param {{ advisory: string, until: string, reason: string }[]} exceptions `until`: the last day (YYYY-MM-DD)
 * @param {string} today
 * @returns {{ findings: string[], problems: string[] }}
 */
export function judgeAudit(report, exceptions, today) {
  const excepted = (advisory) =>
    exceptions.find((each) => each.advisory === advisory.id && each.until >= today);
  const advisories = advisoriesOf(report);
  const failing = advisories.filter((each) => FAILING.includes(each.severity) && !excepted(each));
  const incomplete = exceptions.filter(
    ({ advisory, until, reason }) => !advisory || !reason || !isDay(until),
  );
  const gone = exceptions.filter(({ advisory }) => !advisories.some(({ id }) => id === advisory));
  return {
    findings: advisories.map((each) => describe(each, excepted(each))),
    problems: [
      ...failing.map(({ id, packageName }) => `${packageName} has to be updated: ${id}.`),
      ...incomplete.map(
        (each) => `An exception needs advisory, until (YYYY-MM-DD) and reason: ${JSON.stringify(each)}`,
      ),
      ...gone.map(({ advisory }) => `${advisory} is not found any more: remove its exception.`),
    ],
  };
}

/** Each advisory once; npm also lists the packages that depend on the one at fault. */
function advisoriesOf({ vulnerabilities }) {
  const found = Object.values(vulnerabilities)
    .flatMap(({ via }) => via)
    .filter((via) => typeof via === 'object')
    .map(({ url, name, severity, title }) => ({
      id: url.slice(url.lastIndexOf('/') + 1),
      packageName: name,
      severity,
      title,
    }));
  return [...new Map(found.map((each) => [each.id, each])).values()];
}

function describe({ id, packageName, severity, title }, exception) {
  const note = exception ? ` (accepted until ${exception.until}: ${exception.reason})` : '';
  return `${severity}: ${packageName}: ${title}, ${id}${note}`;
}

function isDay(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}
