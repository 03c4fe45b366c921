import { Module } from '@nestjs/common';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { AuthModule } from '@countersign/auth';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AccountService } from './account.service';
import { MeController } from './me.controller';

@Module({
  imports: [ApplicationsModule, AuditModule, AuthModule, SessionsModule, UsersModule],
  controllers: [MeController],
  providers: [AccountService],
  exports: [AccountService],
})
export class AccountModule {}
