/** A machine whose clock is wrong by `CHAOS_CLOCK_SHIFT` milliseconds: loaded before the service. */
const shift = Number(process.env.CHAOS_CLOCK_SHIFT);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + shift] : given));
  }

  static now() {
    return RealDate.now() + shift;
  }
};
