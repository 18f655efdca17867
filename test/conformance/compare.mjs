/**
 * Compares two runs of the conformance suite check by check: a gateway that changes nothing changes no verdict. Pure.
 */

/** @typedef {'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO' | 'absent'} Verdict */

/**
 * @typedef {object} Check as the suite writes it; more fields are ignored
 * @property {string} id
 * @property {Verdict} status
 * @property {string} [errorMessage]
 */

/** @typedef {Readonly<Record<string, readonly Check[]>>} Run the checks of each scenario */

/**
 * @typedef {object} Difference
 * @property {string} scenario
 * @property {string} check its id; with `#2` and so on where a scenario has several of that id
 * @property {Verdict} direct
 * @property {Verdict} through
 * @property {string} said what the suite says about the worse of the two
 */

/**
 * @typedef {object} Allowance a difference that cannot be otherwise; only exactly this one is let pass
 * @property {string} scenario
 * @property {string} check
 * @property {Verdict} direct
 * @property {Verdict} through
 * @property {string} because
 */

/** What a scenario notes of its traffic. How many messages there are is no verdict. */
const traffic = new Set(['outgoing-request', 'incoming-response', 'incoming-sse-event', 'stream-closed']);

/**
 * Every check whose verdict is not the same in both runs, in the order of the first.
 * @param {Run} direct
 * @param {Run} through
 * @returns {Difference[]}
 */
export function differences(direct, through) {
  const scenarios = new Set([...Object.keys(direct), ...Object.keys(through)]);
  return [...scenarios].flatMap((scenario) => {
    const here = byName(direct[scenario] ?? []);
    const there = byName(through[scenario] ?? []);
    return [...new Set([...here.keys(), ...there.keys()])].flatMap((check) => {
      const [a, b] = [here.get(check), there.get(check)];
      if (a?.status === b?.status) return [];
      const said = b?.errorMessage ?? a?.errorMessage ?? '';
      return [{ scenario, check, direct: a?.status ?? 'absent', through: b?.status ?? 'absent', said }];
    });
  });
}

/**
 * How many checks a run has passed and failed, as the suite counts them.
 * @param {Run} run
 */
export function totals(run) {
  const all = Object.values(run).flat();
  const count = (/** @type {Verdict} */ status) => all.filter((check) => check.status === status).length;
  return { passed: count('SUCCESS'), failed: count('FAILURE') };
}

/**
 * Parts differences into those that must not be and those that are allowed, these by their reason.
 * @param {readonly Difference[]} found
 * @param {readonly Allowance[]} allowances
 */
export function judge(found, allowances) {
  const refused = [];
  /** @type {Record<string, Difference[]>} */
  const allowed = {};
  for (const one of found) {
    const allowance = allowances.find(
      ({ scenario, check, direct, through }) =>
        scenario === one.scenario && check === one.check && direct === one.direct && through === one.through,
    );
    if (allowance === undefined) refused.push(one);
    else allowed[allowance.because] = [...(allowed[allowance.because] ?? []), one];
  }
  return { refused, allowed };
}

/**
 * @param {readonly Check[]} checks
 * @returns {Map<string, Check>}
 */
function byName(checks) {
  const named = new Map();
  const seen = new Map();
  for (const check of checks) {
    if (check.status === 'INFO' && traffic.has(check.id)) continue;
    const nth = (seen.get(check.id) ?? 0) + 1;
    seen.set(check.id, nth);
    named.set(nth === 1 ? check.id : `${check.id}#${nth}`, check);
  }
  return named;
}
