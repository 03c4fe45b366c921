/** Factor for the time limits of the tests and of the service, as `scripts/lib/patience.mjs` has measured it. */
const patience = Number(process.env.PATIENCE || 1);
if (!Number.isInteger(patience) || patience < 1 || patience > 100)
  throw new RangeError('PATIENCE must be a whole number from 1 to 100');

module.exports = { patience };
