/**
 * What jest-circus uses of AsyncLocalStorage to know the running test, for tests that run one after the other. With a real one
 * Node 20 calls three hooks for each promise: integration tests took a twentieth more CPU time.
 */
class RunningTest {
  run(store, work) {
    const before = this.store;
    const restore = () => (this.store = before);
    this.store = store;
    let result;
    try {
      result = work();
    } catch (error) {
      restore();
      throw error;
    }
    if (typeof result?.then !== 'function') {
      restore();
      return result;
    }
    return result.then(
      (value) => {
        restore();
        return value;
      },
      (error) => {
        restore();
        throw error;
      },
    );
  }

  getStore() {
    return this.store;
  }
}

module.exports = { RunningTest };
