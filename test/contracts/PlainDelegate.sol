// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// Code that is no ERC-1271 wallet.
contract PlainDelegate {
    receive() external payable {}

    function version() external pure returns (uint256) {
        return 1;
    }
}
