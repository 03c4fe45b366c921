import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { serviceOf } from '@countersign/auth';
import { XellarSignIn, type XellarLogin } from '../sign-in/xellar-sign-in.service';

@Injectable()
export class XellarTelegramStrategy extends PassportStrategy(Strategy, 'xellar-telegram') {
  validate(request: FastifyRequest): Promise<XellarLogin> {
    return serviceOf(request, XellarSignIn).verify(request);
  }
}
