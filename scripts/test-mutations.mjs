// More mutated proofs than `npm test` tries: `MUTATIONS` says how many per rule.
process.env.MUTATIONS ||= '100000';
process.argv.splice(2, 0, '--testTimeout=600000', '(properties|second-readings).spec');
await import('./test.mjs');
