import { Injectable } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { extensionPoint } from './extension-point';

interface Greeter {
  greet(): string;
}

const Greets = extensionPoint<Greeter, { readonly language: string }>();
const Unused = extensionPoint<Greeter>();

@Injectable()
@Greets({ language: 'fr' })
class ZFrench implements Greeter {
  greet(): string {
    return 'Bonjour';
  }
}

@Injectable()
@Greets({ language: 'en' })
class English implements Greeter {
  greet(): string {
    return 'Hello';
  }
}

describe('extensionPoint', () => {
  it('finds the registered providers in the order of their names, with what they declared', async () => {
    const app = await Test.createTestingModule({
      imports: [DiscoveryModule],
      providers: [ZFrench, English],
    }).compile();
    const discovery = app.get(DiscoveryService);
    const greeters = Greets.in(discovery);

    expect(greeters.all.map((each) => each.greet())).toEqual(['Hello', 'Bonjour']);
    expect(greeters.declared.map(({ declaration }) => declaration.language)).toEqual(['en', 'fr']);
    expect(greeters.all).toBe(greeters.all);
    expect(Unused.in(discovery).all).toEqual([]);
  });
});
