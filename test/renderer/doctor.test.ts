import { describe, expect, test } from 'vitest';
import type { DoctorCheck } from '../../preload/views/doctor.ts';
import { groupChecks, report } from '../../renderer/state/doctor.ts';

const fine: DoctorCheck = { id: 'node', name: 'Node.js', state: 'ok', detail: 'v24', problem: null };
const problem = { code: 'x.y', message: 'No.', remedy: 'Do.' };
const bad: DoctorCheck = { id: 'secrets', name: 'secrets', state: 'problem', detail: '', problem };
const note: DoctorCheck = { id: 'uvx', name: 'uvx', state: 'note', detail: '', problem };

describe('the findings', () => {
  test('trouble comes first, what is missing next, and no group is empty', () => {
    const states = (checks: DoctorCheck[]): unknown => groupChecks(checks).map(({ state }) => state);
    expect(states([fine, note, bad])).toEqual(['problem', 'note', 'ok']);
    expect(states([fine, fine])).toEqual(['ok']);
    expect(states([])).toEqual([]);
  });

  test('the report has a line for each, with the code where something is wrong', () => {
    expect(report([fine, bad], '1.2.3', 'linux')).toBe(
      'Gatehouse 1.2.3 on linux\nok       Node.js            v24\nproblem  secrets            x.y: No.\n',
    );
  });
});
