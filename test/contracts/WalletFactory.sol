// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {OwnedWallet} from "./OwnedWallet.sol";

/// Deploys wallets at addresses that are known before.
contract WalletFactory {
    event Deployed(address wallet);

    uint256 public calls;

    function deploy(address owner, bytes32 salt) public returns (address) {
        calls++;
        address wallet = address(new OwnedWallet{salt: salt}(owner));
        emit Deployed(wallet);
        return wallet;
    }

    /// Besides, it has the given contract called: what an ERC-6492 wrapper may ask for in a simulation.
    function deployAndCall(address owner, bytes32 salt, address other, bytes calldata data) external {
        deploy(owner, salt);
        (bool done,) = other.call(data);
        require(done, "the other call failed");
    }

    function deployNothing() external {
        calls++;
    }

    function addressOf(address owner, bytes32 salt) external view returns (address) {
        bytes32 code = keccak256(abi.encodePacked(type(OwnedWallet).creationCode, abi.encode(owner)));
        return address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), address(this), salt, code)))));
    }
}
