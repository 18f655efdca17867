/** What the Doctor page shows of the findings: their order, their signs, and the report for the clipboard. Pure. */
import type { DoctorCheck } from '../../preload/views/doctor.ts';
import type { PlainKey } from '../i18n/words.ts';
import type { Sign } from './signs.ts';

/** One heading and what stands under it. */
export interface CheckGroup {
  readonly state: DoctorCheck['state'];
  readonly heading: PlainKey;
  readonly checks: readonly DoctorCheck[];
}

const headings: Readonly<Record<DoctorCheck['state'], PlainKey>> = {
  problem: 'doctor.fix_first',
  note: 'doctor.good_to_have',
  ok: 'doctor.works',
};

/** Problems first; no group is empty. */
export function groupChecks(checks: readonly DoctorCheck[]): readonly CheckGroup[] {
  return (['problem', 'note', 'ok'] as const)
    .map((state) => ({
      state,
      heading: headings[state],
      checks: checks.filter((one) => one.state === state),
    }))
    .filter((group) => group.checks.length > 0);
}

const signs: Readonly<Record<DoctorCheck['state'], Sign>> = {
  ok: { icon: 'circle-check', word: 'doctor.state.ok', tone: 'ok' },
  note: { icon: 'info', word: 'doctor.state.note', tone: 'quiet' },
  problem: { icon: 'octagon-alert', word: 'doctor.state.problem', tone: 'bad' },
};

/** Icon, word and tone of a finding. */
export function checkSign(check: DoctorCheck): Sign {
  return signs[check.state];
}

/** Plain text for a bug report, in English like the command line's. Holds no key: no finding does. */
export function report(checks: readonly DoctorCheck[], version: string, platform: string): string {
  const lines = checks.map(({ state, name, detail, problem }) =>
    [
      state.padEnd(8),
      name.padEnd(18),
      problem === null ? detail : `${problem.code}: ${problem.message}`,
    ].join(' '),
  );
  return [`Gatehouse ${version} on ${platform}`, ...lines, ''].join('\n');
}
