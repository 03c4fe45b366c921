/** How many times longer than usual a limit lasts: `PATIENCE=3` where the machine is busy. */
const patience = Number(process.env.PATIENCE || 1);
if (!(patience >= 1 && patience <= 100)) throw new RangeError('PATIENCE must be a number from 1 to 100');
module.exports = { patience };
