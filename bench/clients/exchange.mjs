/** `status` of the right answer, and what is wrong with an answer of that status, if anything. */
export function expecting(text, status, problemOf = () => null) {
  return {
    text,
    check: (given, body, head) => {
      const problem = given === status ? problemOf({ body, head }) : `${status} was expected`;
      if (!problem) return null;
      const [line] = text.split('\r\n', 1);
      return `${line} was answered ${given} ${body.slice(0, 300)}: ${problem}`;
    },
  };
}

/** @param {boolean} isTheirs whether the answer is of the user who asked */
export function expectTheirs(isTheirs) {
  return isTheirs ? null : 'it is of another user';
}

/** Init data whose hash is another: every verifier has to reject it. */
export function forged(initData) {
  return initData.replace(/(hash=[0-9a-f]{63})(.)/, (_, most, last) => most + (last === '0' ? '1' : '0'));
}
