/** Takes a data directory when told by a line on its input, says `has` or `none`, and holds what it has until it is killed. */
import { claimDataDir } from '../main/claim.ts';
import { systemClock } from '../main/protocol/clock.ts';

process.stdin.once('data', async () => {
  const claim = await claimDataDir(process.argv[2] ?? '', systemClock, async () => false, 0).catch(
    () => null,
  );
  process.stdout.write(claim === null ? 'none\n' : claim.held() ? 'has\n' : 'lost\n');
});
process.stdin.on('end', () => process.exit());
process.stdout.write('here\n');
