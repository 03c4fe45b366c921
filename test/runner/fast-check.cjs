// By its path: its name leads here, see moduleNameMapper in jest.config.js.
const fc = require('../../node_modules/fast-check');

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.PROPERTY_SEED) });

module.exports = fc;
