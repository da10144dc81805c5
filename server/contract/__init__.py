"""Structs of the contract, which every process and client shares."""
