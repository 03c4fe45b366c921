/** How many times longer limits of time last, in tests and in the service: `PATIENCE=5` where the machine is busy. */
const patience = Number(process.env.PATIENCE || 1);
if (!Number.isInteger(patience) || patience < 1 || patience > 100)
  throw new RangeError('PATIENCE must be a whole number from 1 to 100');

module.exports = { patience };
