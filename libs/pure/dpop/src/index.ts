export { DPOP_ALGORITHMS, type DpopAlgorithm } from './dpop-algorithms';
export { dpopRefusals, type DpopRefusal } from './dpop-refusals';
export { type ProofAgeBounds } from './proof-dates';
export { verifyDpopProof, type DpopExpectation, type DpopProof } from './verify-dpop-proof';
