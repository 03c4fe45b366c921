export { AuthModule } from './auth.module';
export { InitDataVerifier } from './init-data-verifier';
export { ProofUpkeep } from './proof-upkeep';
export { neededFields } from './sign-in.service';
export { TelegramKeys } from './telegram-keys';
export type { VerifiedProof } from './verified-proof';
