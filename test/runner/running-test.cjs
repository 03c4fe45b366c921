/**
 * What jest-circus uses of AsyncLocalStorage to know the running test, for tests that run one after the other. With a real one
 * Node 20 calls three hooks for each promise: integration tests took a twentieth more CPU time.
 */
class RunningTest {
  run(store, work) {
    const before = this.store;
    const restore = () => (this.store = before);
    this.store = store;
    let isPending = false;
    try {
      const result = work();
      isPending = typeof result?.then === 'function';
      return isPending ? Promise.resolve(result).finally(restore) : result;
    } finally {
      if (!isPending) restore();
    }
  }

  getStore() {
    return this.store;
  }
}

module.exports = { RunningTest };
