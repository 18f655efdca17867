/**
 * `node vitest-child.mjs PROJECT RESULTS [FILTER...]`: runs the tests of one project and writes what they counted, with
 * the reason of each skipped test, as JSON. A file that could not be loaded and an error outside of any test count as
 * failed tests.
 */
import { writeFileSync } from 'node:fs';
import { startVitest } from 'vitest/node';

const [project, results, ...filters] = process.argv.slice(2);
if (project === undefined || results === undefined)
  throw new Error('usage: vitest-child.mjs PROJECT RESULTS');

/** @type {import('vitest/node').Reporter} */
const counter = {
  onTestRunEnd(modules, unhandled) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const broken = modules.flatMap((module) =>
      module.errors().concat([...module.children.allSuites()].flatMap((suite) => suite.errors())),
    );
    /** @param {string} state */
    const inState = (state) => tests.filter((test) => test.result().state === state);
    writeFileSync(
      results,
      JSON.stringify({
        passed: inState('passed').length,
        failed: inState('failed').length + broken.length + unhandled.length,
        skipped: [...inState('skipped'), ...inState('pending')].map((test) => {
          const result = test.result();
          const note = 'note' in result ? result.note : undefined;
          return {
            name: `${test.module.relativeModuleId} > ${test.fullName}`,
            reason: note ?? 'no reason given',
          };
        }),
      }),
    );
  },
};

await startVitest('test', filters, {
  project,
  run: true,
  watch: false,
  reporters: [process.env.GATEHOUSE_TEST_REPORTER ?? 'default', counter],
  passWithNoTests: false,
});
