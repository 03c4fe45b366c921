export { DeviceKey, type ProofRequest } from './dpop/device-key';
