import { Module } from '@nestjs/common';
import { ApplicationsModule } from '@countersign/applications';
import { AuthModule } from '@countersign/auth';
import { EmbeddedWalletsModule } from '@countersign/embedded-wallets';
import { SessionsModule } from '@countersign/sessions';
import { XellarClientGuard } from './clients/xellar-client.guard';
import { XellarClients } from './clients/xellar-clients';
import { XellarAuthController } from './sign-in/auth.controller';
import { FlatInitDataDoor } from './sign-in/flat-init-data.door';
import { XellarSignIn } from './sign-in/xellar-sign-in.service';
import { SessionAnswers } from './tokens/session-answers';
import { XellarTokens } from './tokens/xellar-tokens';

@Module({
  imports: [ApplicationsModule, AuthModule, EmbeddedWalletsModule, SessionsModule],
  controllers: [XellarAuthController],
  providers: [FlatInitDataDoor, SessionAnswers, XellarClientGuard, XellarClients, XellarSignIn, XellarTokens],
})
export class XellarModule {}
