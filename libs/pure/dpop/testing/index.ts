export { DeviceKey, type ProofRequest } from './device-key';
