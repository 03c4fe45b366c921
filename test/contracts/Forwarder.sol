// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// Pays out by a call of its own: a transfer that no log and no transaction shows.
contract Forwarder {
    receive() external payable {}

    function forward(address payable to) external payable {
        (bool done,) = to.call{value: msg.value}("");
        require(done, "not forwarded");
    }

    function fail() external payable {
        revert("failed as asked");
    }
}
