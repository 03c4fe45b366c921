import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { codeInStartParam } from '@countersign/account';
import { personActor } from '@countersign/audit';
import { HooksIntoSignIn, type EnteredSignIn, type SignInHook, type VerifiedSignIn } from '@countersign/auth';
import { Clock } from '@countersign/clock';
import { WalletFreezing } from '@countersign/embedded-wallets';
import { WalletKeys } from '@countersign/linked-wallets';
import { isCodeOf, sendIdIn } from './send-codes';
import { SendConfirmations } from './send-confirmations';
import { FrozenByLaunchResponse, LaunchedSendResponse } from './send-waits.dto';
import { SendWaitsRepository } from './send-waits.repository';

/** Names the send that its person may confirm in this launch. It does nothing more. */
@Injectable()
@HooksIntoSignIn({
  property: 'waitingSend',
  type: LaunchedSendResponse,
  description:
    'Only at the first use of a proof whose start parameter is `w_` and the code of a send of this person that waits for a launch: the grant to confirm it.',
  codes: [],
})
export class SendLaunch implements SignInHook {
  constructor(private readonly confirmations: SendConfirmations) {}

  concerns({ proof }: VerifiedSignIn): boolean {
    return codeInStartParam('send', proof.startParam) !== null;
  }

  async enter(
    tx: EntityManager,
    entered: readonly EnteredSignIn[],
  ): Promise<readonly (LaunchedSendResponse | null)[]> {
    const answers: (LaunchedSendResponse | null)[] = [];
    for (const { signIn, user, sessionId } of entered) {
      const { application, proof } = signIn;
      const code = codeInStartParam('send', proof.startParam);
      const launch = { userId: user.userId, applicationId: application.id, environment: proof.environment };
      answers.push(
        code === null || sessionId === null
          ? null
          : await this.confirmations.launch(tx, { ...launch, code, sessionId }),
      );
    }
    return answers;
  }
}

/** Freezes a wallet at once: the link has a code that only its person and the application of a send have. */
@Injectable()
@HooksIntoSignIn({
  property: 'frozenWallet',
  type: FrozenByLaunchResponse,
  description:
    'Only at the first use of a proof whose start parameter is `f_` and the `freezeCode` of the event of a send of this person: the wallet that it froze.',
  codes: [],
})
export class FreezeLaunch implements SignInHook {
  constructor(
    private readonly waits: SendWaitsRepository,
    private readonly keys: WalletKeys,
    private readonly freezing: WalletFreezing,
    private readonly clock: Clock,
  ) {}

  concerns({ proof }: VerifiedSignIn): boolean {
    return codeInStartParam('freeze', proof.startParam) !== null;
  }

  async enter(
    tx: EntityManager,
    entered: readonly EnteredSignIn[],
  ): Promise<readonly (FrozenByLaunchResponse | null)[]> {
    const answers: (FrozenByLaunchResponse | null)[] = [];
    for (const each of entered) answers.push(await this.freeze(tx, each));
    return answers;
  }

  private async freeze(
    tx: EntityManager,
    { signIn, user, sessionId }: EnteredSignIn,
  ): Promise<FrozenByLaunchResponse | null> {
    const code = codeInStartParam('freeze', signIn.proof.startParam);
    if (code === null || sessionId === null) return null;
    const send = await this.waits.findSend(tx, sendIdIn(code));
    if (send?.userId !== user.userId || send.environment !== signIn.proof.environment) return null;
    // A freeze makes all codes of the wallet invalid, so that none works twice.
    const isGood = send.state === 'waiting' || (send.freezeUntil && send.freezeUntil > this.clock.now());
    if (!isGood) return null;
    const { userId, walletId } = send;
    const wallet = (await this.keys.read(tx, [walletId])).get(walletId);
    if (!wallet || !isCodeOf('freeze', wallet, code)) return null;
    await this.freezing.freezeWithin(
      tx,
      { userId, walletId },
      {
        ...{ actor: personActor(user.auditPseudonym), applicationId: signIn.application.id },
      },
    );
    return { walletId };
  }
}
