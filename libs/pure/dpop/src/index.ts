export { DPOP_ALGORITHMS, type DpopAlgorithm } from './dpop-algorithms';
export { dpopRefusals, type DpopRefusal, type DpopRefusalDefinition } from './dpop-refusals';
export { type ProofAgeBounds } from './proof-dates';
export { MAX_DPOP_PROOF_BYTES } from './read-proof';
export { verifyDpopProof, type DpopExpectation, type DpopProof } from './verify-dpop-proof';
