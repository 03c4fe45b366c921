// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// Asks one ERC-1271 wallet, within one eth_call: its bytecode is sent as a creation without a recipient, and the
/// "code" that it returns is the answer. A revert of the wallet is an answer too, and so an error of the node is
/// always one of the node. ERC-6492: with a factory, the wallet must have no code before the factory is called, and
/// must have code after.
contract SignatureCheck {
    /// ERC-1271: bytes4(keccak256("isValidSignature(bytes32,bytes)")).
    uint256 private constant MAGIC = uint256(0x1626ba7e) << 224;
    uint256 private constant HAS_NO_CODE = 1;
    uint256 private constant HAS_CODE = 2;
    uint256 private constant NOT_DEPLOYED = 3;
    uint256 private constant REFUSED = 4;
    uint256 private constant TOO_LITTLE_GAS = 5;

    uint256 private constant WALLET_GAS = 1_000_000;
    uint256 private constant FACTORY_GAS = 5_000_000;

    constructor(address wallet, bytes32 hash, bytes memory signature, address factory, bytes memory factoryData) {
        if (factory == address(0)) {
            if (wallet.code.length == 0) end(HAS_NO_CODE);
        } else {
            if (wallet.code.length != 0) end(HAS_CODE);
            if (!hasGasFor(FACTORY_GAS)) end(TOO_LITTLE_GAS);
            deploy(factory, factoryData);
            if (wallet.code.length == 0) end(NOT_DEPLOYED);
        }
        if (!hasGasFor(WALLET_GAS)) end(TOO_LITTLE_GAS);
        bytes memory question = abi.encodeWithSelector(bytes4(0x1626ba7e), hash, signature);
        uint256 answer;
        assembly ("memory-safe") {
            // Into the scratch space, and never more than a word.
            mstore(0, 0)
            let done := staticcall(WALLET_GAS, wallet, add(question, 32), mload(question), 0, 32)
            if and(done, eq(returndatasize(), 32)) { answer := mload(0) }
        }
        end(answer == MAGIC ? MAGIC : REFUSED);
    }

    function deploy(address factory, bytes memory data) private {
        assembly ("memory-safe") {
            pop(call(FACTORY_GAS, factory, 0, add(data, 32), mload(data), 0, 0))
        }
    }

    /// A call gets at most 63/64 of what is left (EIP-150), without a word.
    function hasGasFor(uint256 amount) private view returns (bool) {
        return gasleft() - gasleft() / 64 > amount + 10_000;
    }

    function end(uint256 answer) private pure {
        assembly ("memory-safe") {
            mstore(0, answer)
            return(0, 32)
        }
    }
}
