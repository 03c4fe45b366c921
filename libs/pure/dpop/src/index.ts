export { dpopRefusals, type DpopRefusal } from './dpop-refusals';
export {
  DPOP_ALGORITHMS,
  verifyDpopProof,
  type DpopAlgorithm,
  type DpopExpectation,
  type DpopProof,
} from './verify-dpop-proof';
