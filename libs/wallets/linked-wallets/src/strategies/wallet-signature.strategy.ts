import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { serviceOf, type VerifiedSignIn } from '@countersign/auth';
import { WalletSignatureDoor } from '../proofs/wallet-signature.door';

@Injectable()
export class WalletSignatureStrategy extends PassportStrategy(Strategy, 'wallet-signature') {
  validate(request: FastifyRequest): Promise<VerifiedSignIn> {
    return serviceOf(request, WalletSignatureDoor).open(request.body);
  }
}
