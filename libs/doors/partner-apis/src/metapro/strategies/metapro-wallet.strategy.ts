import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { serviceOf, type VerifiedSignIn } from '@countersign/auth';
import { MetaproSignIn } from '../sign-in/metapro-sign-in.service';

@Injectable()
export class MetaproWalletStrategy extends PassportStrategy(Strategy, 'metapro-wallet') {
  validate(request: FastifyRequest): Promise<VerifiedSignIn> {
    return serviceOf(request, MetaproSignIn).verifyWallet(request);
  }
}
